import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadExample, openStand, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import { WAITS_MS } from "./deliveries.ts";
import { isPublicAddress } from "#cloud/outbound/public-address.ts";

interface Heard {
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** A receiver on this machine that answers what `answers` says, and remembers what it heard. */
async function receiver() {
  const heard: Heard[] = [];
  const answers: number[] = [];
  let tell: () => void = () => {};
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      heard.push({ headers: request.headers, body });
      response.statusCode = answers.shift() ?? 204;
      if (response.statusCode === 302) response.setHeader("location", "http://127.0.0.1:1/");
      response.end("seen");
      tell();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    heard,
    answers,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    /** Resolves when `count` requests came. */
    async until(count: number) {
      while (heard.length < count) await new Promise<void>((resolve) => (tell = resolve));
    },
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

const test = suite<{
  stand: Stand;
  cookie: string;
  there: Awaited<ReturnType<typeof receiver>>;
}>("webhooks out");

test.before.each(async (context) => {
  context.stand = await openStand(process.env["COUCHDB_URL"], { HUB_PRIVATE_TARGETS: "yes" });
  context.cookie = await context.stand.operator("olga@a.example");
  context.there = await receiver();
});
test.after.each(async ({ stand, there }) => {
  await stand.close();
  await there.close();
});

async function make(stand: Stand, cookie: string, body: Record<string, unknown>) {
  const answer = await stand.ask("POST", "/api/v1/webhooks", { cookie, body });
  assert.is(answer.status, 201, answer.text);
  return answer.json.data as { id: string; secret: string };
}
const log = async (stand: Stand, cookie: string, id: string) =>
  (await stand.ask("GET", `/api/v1/webhooks/${id}/deliveries`, { cookie })).json.data as {
    id: string;
    state: string;
    event: string;
    tries: { status: number | null }[];
  }[];
/** Passes the time until the log's newest delivery is in that state, or was tried that often. */
async function settled(
  { stand, cookie }: { stand: Stand; cookie: string },
  id: string,
  isIt: (one: Awaited<ReturnType<typeof log>>[number]) => boolean,
) {
  for (let i = 0; i < 500; i++) {
    const [newest] = await log(stand, cookie, id);
    if (newest && isIt(newest)) return newest;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("nothing happened");
}

test("what happens is told, signed so that the receiver can check it", async (context) => {
  const { stand, cookie, there } = context;
  const { id, secret } = await make(stand, cookie, { url: there.url, events: ["key.*"] });
  await stand.ask("POST", "/api/v1/keys", { cookie, body: { name: "k", scopes: ["read"] } });
  await there.until(1);
  const [{ headers, body } = { headers: {}, body: "" }] = there.heard;
  const said = JSON.parse(body) as { type: string; data: { target: { type: string } } };
  assert.is(said.type, "key.make");
  assert.is(said.data.target.type, "key");
  const mac = createHmac("sha256", Buffer.from(secret.slice("whsec_".length), "base64"))
    .update([headers["webhook-id"], headers["webhook-timestamp"], body].join("."))
    .digest("base64");
  assert.is(headers["webhook-signature"], `v1,${mac}`);
  await settled(context, id, ({ state }) => state === "delivered");
  assert.not.ok(stand.logged.join("\n").includes(secret));
  const listed = await stand.ask("GET", "/api/v1/webhooks", { cookie });
  assert.not.ok(listed.text.includes(secret));
});

test("a receiver that fails is tried again, later each time, under the same id, and given up in the end", async (context) => {
  const { stand, cookie, there } = context;
  const { id } = await make(stand, cookie, { url: there.url, events: ["key.make"] });
  there.answers.push(500, 302, ...Array.from({ length: 20 }, () => 503));
  await stand.ask("POST", "/api/v1/keys", { cookie, body: { name: "k", scopes: ["read"] } });
  for (const [i, waitMs] of WAITS_MS.entries()) {
    await settled(context, id, ({ tries }) => tries.length === i + 1);
    await stand.clock.advance(waitMs);
  }
  const over = await settled(context, id, ({ state }) => state === "given-up");
  assert.equal(
    over.tries.map(({ status }) => status),
    [500, 302, ...Array.from({ length: WAITS_MS.length - 1 }, () => 503)],
  );
  assert.is(new Set(there.heard.map(({ headers }) => headers["webhook-id"])).size, 1);
  // By hand it is tried once more.
  there.answers.splice(0);
  const retried = await stand.ask("POST", `/api/v1/webhooks/${id}/deliveries/${over.id}/retry`, {
    cookie,
    body: {},
  });
  assert.is(retried.status, 204, retried.text);
  await settled(context, id, ({ state }) => state === "delivered");
});

test("what waits is told after a restart", async (context) => {
  const { stand, cookie, there } = context;
  const { id } = await make(stand, cookie, { url: there.url, events: ["key.make"] });
  there.answers.push(500);
  await stand.ask("POST", "/api/v1/keys", { cookie, body: { name: "k", scopes: ["read"] } });
  await settled(context, id, ({ tries }) => tries.length === 1);
  await stand.restart();
  await stand.clock.advance(WAITS_MS[0]);
  await settled(context, id, ({ state }) => state === "delivered");
  assert.is(there.heard.length, 2);
});

test("a webhook of one community hears nothing of another", async (context) => {
  const { stand, cookie, there } = context;
  const tenant = stand.tenant("riverside");
  await load(stand.hub.hub, loadExample(tenant));
  const community = (await stand.hub.hub.communities.list({ kind: "system", part: "test" })).find(
    (one) => one.tenant === tenant,
  )?.communityId;
  const { id } = await make(stand, cookie, { url: there.url, community });
  await stand.ask("POST", "/api/v1/keys", { cookie, body: { name: "all", scopes: ["read"] } });
  await stand.ask("POST", "/api/v1/keys", {
    cookie,
    body: { name: "few", scopes: ["read"], communities: [community] },
  });
  await there.until(2);
  await settled(context, id, ({ state }) => state === "delivered");
  // The one it is itself about comes first.
  assert.equal(there.heard.map(({ body }) => (JSON.parse(body) as { type: string }).type).sort(), [
    "key.make",
    "webhook.make",
  ]);
});

test("a test says what came back; private addresses are refused unless they are allowed", async (context) => {
  const { stand, cookie, there } = context;
  const { id } = await make(stand, cookie, { url: there.url });
  const answer = await stand.ask("POST", `/api/v1/webhooks/${id}/test`, { cookie, body: {} });
  assert.is(answer.json.data.ok, true, answer.text);
  const closed = await openStand(undefined);
  try {
    const olga = await closed.operator("olga@a.example");
    const other = await make(closed, olga, { url: there.url });
    const refused = await closed.ask("POST", `/api/v1/webhooks/${other.id}/test`, {
      cookie: olga,
      body: {},
    });
    assert.is(refused.json.data.ok, false);
    assert.match(refused.json.data.said, /private/);
  } finally {
    await closed.close();
  }
});

test("addresses of the public internet, and those that only look like it", () => {
  for (const address of ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1"])
    assert.ok(isPublicAddress(address), address);
  for (const address of [
    "127.0.0.1",
    "10.1.2.3",
    "172.31.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:10.0.0.1",
    "fe80::1",
    "fd00::1",
    "64:ff9b::a00:1",
    "2002:a00:1::1",
    "ff02::1",
    "nonsense",
  ])
    assert.not.ok(isPublicAddress(address), address);
});

test.run();
