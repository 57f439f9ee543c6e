import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openStand, type Stand } from "#cloud/hub-stand.ts";
import { openMailStand } from "#cloud/mail/mail-stand.ts";
import { isFault } from "#shared/model/fault.ts";
import { outbound } from "./outbound.ts";

const test = suite<{ stand: Stand; cookie: string; server: Server; url: string; asked: string[] }>(
  "outbound",
);
test.before(async (context) => {
  context.asked = [];
  context.server = createServer((request, answer) => {
    context.asked.push(`${request.method} ${request.url}`);
    if (request.url === "/away") answer.writeHead(302, { location: "/elsewhere" }).end();
    else if (request.url === "/long") answer.end("x".repeat(2_000_000));
    else answer.writeHead(200, { "content-type": "application/json" }).end(`{"ok":true}`);
  });
  await new Promise<void>((resolve) => context.server.listen(0, "127.0.0.1", resolve));
  context.url = `http://127.0.0.1:${(context.server.address() as AddressInfo).port}`;
  context.stand = await openStand();
  context.cookie = await context.stand.operator("olga@example.org");
});
test.after(async ({ server, stand }) => {
  server.close();
  await stand.close();
});

async function refuses(code: "invalid" | "unavailable", work: Promise<unknown>) {
  try {
    await work;
  } catch (error) {
    if (!isFault(error, code)) throw error;
    return;
  }
  assert.unreachable(`a Fault "${code}" was expected`);
}

test("what is allowed goes out, redirects are not followed, and a long answer is refused", async ({
  url,
  asked,
}) => {
  const out = outbound({ mayBePrivate: true });
  assert.equal(await (await out.fetch(`${url}/`, {})).json(), { ok: true });
  assert.is((await out.fetch(`${url}/away`, {})).status, 302);
  assert.not.ok(asked.includes("GET /elsewhere"));
  await refuses("invalid", out.fetch(`${url}/long`, {}));
  const body = new URLSearchParams({ a: "1" });
  assert.is((await out.fetch(`${url}/form`, { method: "POST", body })).status, 200);
  assert.ok(asked.includes("POST /form"));
});

test("nothing goes to a private address, by number or by name", async ({ url, asked }) => {
  const out = outbound({ mayBePrivate: false });
  const before = asked.length;
  await refuses("invalid", out.fetch(`${url}/`, {}));
  await refuses("invalid", out.fetch(url.replace("127.0.0.1", "localhost"), {}));
  await refuses("invalid", out.addressOf("[::1]"));
  await refuses("invalid", out.addressOf("169.254.169.254"));
  await refuses("unavailable", out.addressOf("there-is-none.invalid"));
  assert.is(asked.length, before);
});

test("an organization's mail server or sign-in provider is no way into the hub's network", async ({
  stand,
  cookie,
  url,
  asked,
}) => {
  const mail = await openMailStand();
  const before = asked.length;
  await stand.ask("PUT", "/api/v1/settings/mail", {
    cookie,
    body: {
      host: "localhost",
      port: mail.port,
      security: "none",
      user: null,
      password: null,
      from_address: "olga@example.org",
      from_name: "Olga",
    },
  });
  const sent = await stand.ask("POST", "/api/v1/settings/mail/test", { cookie, body: {} });
  assert.is(sent.json.data.sent, false, sent.text);
  assert.match(sent.json.data.trouble, "private network");
  const made = await stand.ask("POST", "/api/v1/settings/providers", {
    cookie,
    body: { name: "Inside", issuer: url, client_id: "riser" },
  });
  assert.is(made.status, 201, made.text);
  const tried = await stand.ask("POST", `/api/v1/settings/providers/${made.json.data.id}/test`, {
    cookie,
    body: {},
  });
  assert.is(tried.json.data.ok, false, tried.text);
  assert.is(asked.length, before);
  await mail.close();
});

test.run();
