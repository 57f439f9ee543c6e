import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { SignJWT, UnsecuredJWT } from "jose";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import type { GatewayId, TenantName } from "#shared/model/ids.ts";
import {
  issueGatewayToken,
  type KeyLookup,
  signAssertion,
  verifyAssertion,
  verifyGatewayToken,
} from "./gateway-token.ts";

const pair = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
const hub = pair();
const stranger = pair();
const machine = pair();
const nowMs = Date.UTC(2026, 10, 23, 12);
const gatewayId = "gw-0123456789abcdef" as GatewayId;
const other = "gw-fedcba9876543210" as GatewayId;
const tenants = ["foo", "foo-site"] as TenantName[];
const keys: KeyLookup = (kid) => (kid === "k1" ? hub.publicKey : undefined);
const issue = (more: object = {}) =>
  issueGatewayToken({ key: hub.privateKey, kid: "k1", gatewayId, tenants, nowMs, ...more });

async function isRefused(
  work: Promise<unknown>,
  code: "unauthorized" | "invalid" = "unauthorized",
): Promise<void> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(isFault(outcome, code), `a Fault "${code}" was expected, got ${String(outcome)}`);
}

/** A token with the hub's own signature and claims that the hub would never write. */
const forged = (claims: object, key: KeyObject = hub.privateKey, header: object = {}) =>
  new SignJWT({ sub: gatewayId, iat: nowMs / 1000, exp: nowMs / 1000 + 300, ...claims })
    .setProtectedHeader({ alg: "ES256", kid: "k1", ...header })
    .sign(key);
const roles = (...list: unknown[]) => ({ "_couchdb.roles": list });

test("a token says who the gateway is, which communities it serves and until when", async () => {
  const token = await issue();
  assert.equal(await verifyGatewayToken(token, keys, nowMs), {
    gatewayId,
    tenants,
    expMs: nowMs + 600_000,
  });
});

test("the roles are the two kinds CouchDB is told of, and no other", async () => {
  const claims = JSON.parse(
    Buffer.from((await issue()).split(".")[1] as string, "base64url").toString(),
  );
  assert.equal(claims["_couchdb.roles"], [
    "g:gw-0123456789abcdef",
    "t:foo:gateway",
    "t:foo-site:gateway",
  ]);
});

test("a token is over in the second it says", async () => {
  const token = await issue({ ttlMs: 60_000 });
  await verifyGatewayToken(token, keys, nowMs + 59_999);
  await isRefused(verifyGatewayToken(token, keys, nowMs + 60_000));
});

test("no token is made for more than ten minutes, or for what is no id", async () => {
  await isRefused(issue({ ttlMs: 600_001 }), "invalid");
  await isRefused(issue({ ttlMs: 0 }), "invalid");
  await isRefused(issue({ tenants: ["foo:gateway,_admin"] }), "invalid");
  await isRefused(issue({ tenants: ["_admin"] }), "invalid");
  await isRefused(issue({ gatewayId: "admin" }), "invalid");
});

test("a token of another key, of no key, or of a key that was taken back is refused", async () => {
  await isRefused(verifyGatewayToken(await issue({ key: stranger.privateKey }), keys, nowMs));
  await isRefused(verifyGatewayToken(await issue({ kid: "k2" }), keys, nowMs));
  await isRefused(verifyGatewayToken(await issue(), () => undefined, nowMs));
});

test("neither an unsigned token nor one signed with the public key as a password is taken", async () => {
  const claims = {
    sub: gatewayId,
    ...roles(`g:${gatewayId}`),
    iat: nowMs / 1000,
    exp: nowMs / 1000 + 300,
  };
  await isRefused(verifyGatewayToken(new UnsecuredJWT(claims).encode(), keys, nowMs));
  const pem = Buffer.from(hub.publicKey.export({ type: "spki", format: "pem" }));
  const hs256 = await new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: "k1" }).sign(pem);
  await isRefused(verifyGatewayToken(hs256, keys, nowMs));
  for (const junk of ["", "x", "a.b.c", "..", `${await issue()}x`])
    await isRefused(verifyGatewayToken(junk, keys, nowMs));
});

test("claims that the hub never writes are refused even under its signature", async () => {
  await verifyGatewayToken(await forged(roles(`g:${gatewayId}`)), keys, nowMs);
  await isRefused(verifyGatewayToken(await forged({}), keys, nowMs));
  await isRefused(verifyGatewayToken(await forged(roles()), keys, nowMs));
  await isRefused(verifyGatewayToken(await forged(roles(`g:${gatewayId}`, "_admin")), keys, nowMs));
  await isRefused(
    verifyGatewayToken(await forged(roles(`g:${gatewayId}`, "t:foo:admin")), keys, nowMs),
  );
  await isRefused(verifyGatewayToken(await forged(roles(`g:${gatewayId}`, 7)), keys, nowMs));
  await isRefused(verifyGatewayToken(await forged(roles(`g:${other}`)), keys, nowMs));
  await isRefused(
    verifyGatewayToken(
      await forged({ ...roles(`g:${gatewayId}`), exp: nowMs / 1000 + 601 }),
      keys,
      nowMs,
    ),
  );
  await isRefused(
    verifyGatewayToken(
      await forged({ ...roles(`g:${gatewayId}`), iat: nowMs / 1000 + 9 }),
      keys,
      nowMs,
    ),
  );
  await isRefused(
    verifyGatewayToken(await forged({ ...roles(`g:${gatewayId}`), sub: "root" }), keys, nowMs),
  );
});

const audience = "https://hub.example/token";
const sign = (more: object = {}) =>
  signAssertion({ key: machine.privateKey, gatewayId, audience, nowMs, ...more });
const check = (assertion: string, more: object = {}) =>
  verifyAssertion(assertion, {
    keyOf: (id) => (id === gatewayId ? machine.publicKey : undefined),
    audience,
    nowMs,
    seen: new Map(),
    ...more,
  });

test("an assertion says which gateway it comes from, once", async () => {
  const seen = new Map<string, number>();
  const assertion = await sign();
  assert.is(await check(assertion, { seen }), gatewayId);
  await isRefused(check(assertion, { seen }));
  assert.is(await check(await sign(), { seen }), gatewayId);
});

test("of two that come at the same time one is taken", async () => {
  const seen = new Map<string, number>();
  const assertion = await sign();
  const tries = await Promise.allSettled([check(assertion, { seen }), check(assertion, { seen })]);
  assert.is(tries.filter((one) => one.status === "fulfilled").length, 1);
});

test("an assertion of another key, gateway, audience or time is refused, and told the hub's time", async () => {
  await isRefused(check(await sign({ key: stranger.privateKey })));
  await isRefused(check(await sign({ gatewayId: other })));
  await isRefused(check(await sign({ audience: "https://elsewhere.example/token" })));
  await isRefused(check(await sign({ nowMs: nowMs - 181_000 })));
  await isRefused(check(await sign({ nowMs: nowMs + 121_000 })));
  const fault = await check("junk").catch((error: unknown) => error);
  assert.is(isFault(fault) && fault.details.hubTimeAt, "2026-11-23T12:00:00.000Z");
});

test("a clock that is a minute off is forgiven, and what was seen is forgotten only when it could not come again", async () => {
  const seen = new Map<string, number>();
  const assertion = await sign({ nowMs: nowMs + 60_000 });
  await check(assertion, { seen });
  await isRefused(check(assertion, { seen, nowMs: nowMs + 230_000 }));
  await check(await sign({ nowMs: nowMs + 600_000 }), { seen, nowMs: nowMs + 600_000 });
  assert.is(seen.size, 1);
});

test("an access token is no assertion, and an assertion is no access token", async () => {
  await isRefused(check(await issue({ key: machine.privateKey })));
  await isRefused(verifyGatewayToken(await sign({ key: hub.privateKey }), keys, nowMs));
});

test.run();
