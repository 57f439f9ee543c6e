import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { openHttpDatabases, splitCredentials } from "./http.ts";
import { replicateOnce } from "./replicate.ts";

// Servers that are no hub, or none that works. What a real one does is tried in cloud/hub.
const test = suite("replication with what is no hub");
const servers: Server[] = [];
const local = openMemoryDatabases();
test.before(async () => {
  const db = await local.open("a");
  await db.bulk(Array.from({ length: 20 }, (_, n) => ({ _id: `n${n}`, text: "x".repeat(100) })));
});
test.after(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await local.close();
});

async function standing(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
async function told(url: string, more: object = {}): Promise<string> {
  const base = { local, name: "a", url, token: async () => "t", timeoutMs: 300 };
  const outcomes: string[] = [];
  for (const direction of ["push", "pull"] as const)
    outcomes.push(
      await replicateOnce({ ...base, direction, ...more }).then(
        () => "no fault",
        (error: unknown) => (isFault(error) ? error.code : String(error)),
      ),
    );
  assert.is(outcomes[0], outcomes[1], "both directions say the same");
  return outcomes[0] ?? "";
}
const always = (status: number, headers: Record<string, string>, body: string) =>
  standing((_request, response) => response.writeHead(status, headers).end(body));
const jsonHead = { "content-type": "application/json" };

test("one that never answers is unavailable, in time", async () => {
  assert.is(await told(await standing(() => {})), "unavailable");
});
test("one that begins to answer and goes silent is unavailable, in time", async () => {
  const url = await standing((_request, response) =>
    response.writeHead(200, jsonHead).write('{"results":['),
  );
  assert.is(await told(url), "unavailable");
});
test("one that is not there is unavailable", async () => {
  const url = await standing(() => {});
  const server = servers.at(-1);
  await new Promise((resolve) => server?.close(resolve));
  assert.is(await told(url), "unavailable");
});
test("a captive portal, by page or by redirect, is unavailable", async () => {
  const page = { "content-type": "text/html" };
  assert.is(await told(await always(200, page, "<h1>Welcome to our Wi-Fi</h1>")), "unavailable");
  assert.is(await told(await always(403, page, "<h1>Blocked</h1>")), "unavailable");
  assert.is(await told(await always(302, { location: "http://127.0.0.1:1/" }, "")), "unavailable");
});
test("what a hub says is told by its status", async () => {
  const expected = {
    401: "unauthorized",
    403: "forbidden",
    413: "too_large",
    429: "too_many",
    500: "unavailable",
  };
  for (const [status, code] of Object.entries(expected))
    assert.is(
      await told(await always(Number(status), jsonHead, '{"error":"x","reason":"y"}')),
      code,
    );
});
test("answers that make no sense end it as well", async () => {
  for (const body of ["", "{", "null", "[]", '"x"', '{"results":7}'])
    assert.is(await told(await always(200, jsonHead, body)), "unavailable", body);
});
test("a token that cannot be had ends it with its own fault", async () => {
  const url = await always(200, jsonHead, "{}");
  assert.is(await told(url, { token: () => Promise.reject(new Error("no clock")) }), "unavailable");
});
test("the local database is usable after all of that", async () => {
  assert.is((await (await local.open("a")).info()).docs, 20);
});

test("a URL's name and password are sent as a header and never as a part of the URL", async () => {
  const seen: (string | undefined)[] = [];
  const url = await standing((request, response) => {
    seen.push(request.headers.authorization, request.url);
    response.writeHead(200, jsonHead).end('["_users","b","a"]');
  });
  const databases = openHttpDatabases({ url: url.replace("//", "//us%40er:p%2Fw%3A%C3%A9@") });
  assert.equal(await databases.names(), ["a", "b"]);
  assert.equal(seen, [`Basic ${Buffer.from("us@er:p/w:é").toString("base64")}`, "/_all_dbs"]);
  assert.equal(splitCredentials("https://hub.example/sync/"), { base: "https://hub.example/sync" });
});
test("databases over HTTP give up in time, too", async () => {
  const databases = openHttpDatabases({ url: await standing(() => {}), timeoutMs: 200 });
  assert.ok(isFault(await databases.open("a").catch((error: unknown) => error), "unavailable"));
});

test.run();
