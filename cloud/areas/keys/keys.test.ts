import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadExample, openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { TenantName } from "#shared/model/ids.ts";
import { load } from "#cloud/hub/load/load.ts";

const test = suite<{ stand: Stand; cookie: string; tenant: string }>("API keys");

test.before(async (context) => {
  context.stand = await openStand(process.env["COUCHDB_URL"]);
  context.tenant = context.stand.tenant("riverside");
  context.cookie = await context.stand.operator("olga@a.example");
  await load(context.stand.hub.hub, loadExample(context.tenant));
});
test.after(async ({ stand }) => {
  await stand.close();
});

const withKey = (stand: Stand, key: string, path = "/devices") =>
  stand.ask("GET", `/api/v1${path}`, { headers: { "x-api-key": key } });

test("a key is shown once, works, tells when it was used, and ends when it is revoked", async ({
  stand,
  cookie,
}) => {
  const made = await stand.ask("POST", "/api/v1/keys", {
    cookie,
    body: { name: "reader", scopes: ["read"] },
  });
  assert.is(made.status, 201, made.text);
  const { key, id } = made.json.data;
  assert.match(key, /^rsr_/);
  assert.is((await withKey(stand, key)).status, 200);
  const listed = await stand.ask("GET", "/api/v1/keys", { cookie });
  assert.not.match(listed.text, key.slice(-43));
  assert.ok(listed.json.data.find((one: { id: string }) => one.id === id).last_used_at);
  const bearer = await stand.ask("GET", "/api/v1/devices", {
    headers: { authorization: `Bearer ${key}` },
  });
  assert.is(bearer.status, 200);
  assert.is(
    (await stand.ask("DELETE", `/api/v1/keys/${id}`, { cookie })).json.data.is_active,
    false,
  );
  assert.is((await withKey(stand, key)).status, 401);
  assert.not.ok(stand.logged.join("\n").includes(key), "a key is in the log");
});

test("X-API-Key counts before Authorization, and one that does not work is not passed over", async ({
  stand,
  cookie,
}) => {
  const { key } = (
    await stand.ask("POST", "/api/v1/keys", { cookie, body: { name: "b", scopes: ["read"] } })
  ).json.data;
  const both = (first: string, second: string) =>
    stand.ask("GET", "/api/v1/devices", {
      cookie,
      headers: { "x-api-key": first, authorization: `Bearer ${second}` },
    });
  assert.is((await both(key, "nothing")).status, 200);
  assert.is((await both("nothing", key)).status, 401);
});

test("a key ends at its time", async ({ stand, cookie }) => {
  const expires_at = new Date(stand.clock.now() + 60_000).toISOString();
  const { key } = (
    await stand.ask("POST", "/api/v1/keys", {
      cookie,
      body: { name: "short", scopes: ["read"], expires_at },
    })
  ).json.data;
  assert.is((await withKey(stand, key)).status, 200);
  await stand.clock.advance(60_000);
  assert.is((await withKey(stand, key)).status, 401);
  const past = await stand.ask("POST", "/api/v1/keys", {
    cookie,
    body: { name: "over", scopes: ["read"], expires_at },
  });
  assert.is(past.status, 400);
});

test("a key makes no keys, and a reader writes nothing", async ({ stand, cookie, tenant }) => {
  const { key } = (
    await stand.ask("POST", "/api/v1/keys", { cookie, body: { name: "all", scopes: ["admin"] } })
  ).json.data;
  const more = await stand.ask("POST", "/api/v1/keys", {
    headers: { "x-api-key": key },
    body: { name: "more", scopes: ["read"] },
  });
  assert.is(more.status, 403);
  const { key: reader } = (
    await stand.ask("POST", "/api/v1/keys", { cookie, body: { name: "r", scopes: ["read"] } })
  ).json.data;
  const sent = await stand.ask("POST", `/api/v1/ingest/${tenant}`, {
    headers: { "x-api-key": reader },
    body: {},
  });
  assert.is(sent.status, 403);
});

test("the same request under one Idempotency-Key is done once", async ({ stand, cookie }) => {
  const { key } = (
    await stand.ask("POST", "/api/v1/keys", { cookie, body: { name: "writer", scopes: ["admin"] } })
  ).json.data;
  const ask = (name: string, once: string) =>
    stand.ask("POST", "/api/v1/customers", {
      headers: { "x-api-key": key, "idempotency-key": once },
      body: { name, admin_email: null, tenant_name: stand.tenant("once") },
    });
  const [first, second] = [await ask("Once", "k-1"), await ask("Once", "k-1")];
  assert.is(first.status, 201, first.text);
  assert.is(second.status, 201);
  assert.is(second.text, first.text);
  assert.is(second.headers["idempotency-replayed"], "true");
  assert.is((await ask("Other", "k-1")).status, 409, "another request under the same key");
  assert.is((await ask("Once", "k-2")).status, 409, "the name is taken");
  const upload = (query: string) =>
    stand.ask("POST", `/api/v1/uploads/devices?dry_run=true${query}`, {
      headers: { "x-api-key": key, "idempotency-key": "k-3", "content-type": "text/csv" },
      body: "dev_eui\n70b3d50000000001\n",
    });
  assert.is((await upload("")).status, 202);
  const elsewhere = `&community=${first.json.data.tenant_name}`;
  assert.is((await upload(elsewhere)).status, 409, "what the query says is part of the request");
});

test("a key that may not is told what it lacks, and what no key may do", async ({
  stand,
  cookie,
  tenant,
}) => {
  const make = async (body: Loose) =>
    (await stand.ask("POST", "/api/v1/keys", { cookie, body: { name: "some", ...body } })).json
      .data;
  const refused = async (key: string, method: string, path: string, body?: unknown) => {
    const answer = await stand.ask(method, `/api/v1${path}`, {
      headers: { "x-api-key": key },
      ...(body === undefined ? {} : { body }),
    });
    assert.is(answer.status, 403, answer.text);
    return [answer.json.detail, answer.json.right];
  };
  const ingest = await make({ scopes: ["ingest"] });
  assert.equal(await refused(ingest.key, "GET", "/devices"), [
    "This API key may not do this: it needs the scope read or admin.",
    "devices.read",
  ]);
  const admin = await make({ scopes: ["admin"], communities: [tenant] });
  assert.is(admin.communities.length, 1, "a community is named by its tenant_name too");
  assert.equal(await refused(admin.key, "PATCH", "/organization", { name: "Mine" }), [
    "This API key may not do this: it needs the scope admin, and to be for the whole organization.",
    "organization.write",
  ]);
  const another = { name: "another", scopes: ["read"] };
  assert.equal(await refused(admin.key, "POST", "/keys", another), [
    "This is for people who sign in: no API key may do it.",
    "keys.write",
  ]);
});

test("a key for gateways stands in its communities' sites as a hash, opens nothing here, and goes when it ends", async ({
  stand,
  cookie,
  tenant,
}) => {
  const { hub } = stand.hub;
  const community = (await hub.communities.list({ kind: "system", part: "test" })).find(
    (one) => one.tenant === tenant,
  );
  const body = { name: "panel", scopes: ["site"], communities: [community?.communityId] };
  const made = await stand.ask("POST", "/api/v1/keys", { cookie, body });
  assert.is(made.status, 201, made.text);
  const { key, id } = made.json.data;
  assert.is((await withKey(stand, key)).status, 403);
  const site = await hub.databases.open(databaseName.site(tenant as TenantName, 1));
  const until = async (isThere: boolean) => {
    for (let i = 0; i < 200; i++) {
      const doc = await site.get(`program:${id}`);
      if ((doc !== undefined) === isThere) return doc;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`the site ${isThere ? "never got" : "kept"} the key`);
  };
  const doc = await until(true);
  assert.not.ok(JSON.stringify(doc).includes(key.slice(-43)));
  await stand.ask("DELETE", `/api/v1/keys/${id}`, { cookie });
  await until(false);
  const mixed = await stand.ask("POST", "/api/v1/keys", {
    cookie,
    body: { ...body, scopes: ["site", "read"] },
  });
  assert.is(mixed.status, 400);
});

test.run();
