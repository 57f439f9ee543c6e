import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openStand, PASSWORD, type Stand } from "./hub-stand.ts";

const test = suite<{ stand: Stand }>("a hub behind a proxy on its machine");

test.before(async (context) => {
  context.stand = await openStand(undefined, { HUB_URL: "https://hub.example.org" });
});
test.after(async ({ stand }) => {
  await stand.close();
});

const through = (client: string) => ({
  host: "hub.example.org",
  origin: "https://hub.example.org",
  "x-forwarded-for": `203.0.113.200, ${client}`,
});

test("a stranger's guesses keep nobody else waiting", async ({ stand }) => {
  await stand.operator("olga@example.org");
  const sign = (password: string, client: string) =>
    stand.ask("POST", "/api/v1/sign-in", {
      headers: through(client),
      body: { email: "olga@example.org", password },
    });
  const statuses = new Set<number>();
  for (let i = 0; i < 40; i++) statuses.add((await sign("wrong guess 1", "203.0.113.9")).status);
  assert.ok(statuses.has(429));
  const answer = await sign(PASSWORD, "203.0.113.10");
  assert.is(answer.status, 200, answer.text);
  assert.match(String(answer.headers["set-cookie"]), "Secure");
});

test("metrics are for who asks on this machine, not for those the proxy brings", async ({
  stand,
}) => {
  assert.is((await stand.ask("GET", "/metrics")).status, 200);
  for (const headers of [{ host: "hub.example.org" }, { "x-forwarded-for": "203.0.113.9" }])
    assert.is((await stand.ask("GET", "/metrics", { headers })).status, 404);
});

test.run();
