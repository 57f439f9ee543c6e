import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { createServer as createSecureServer } from "node:https";
import {
  createServer as createSocketServer,
  type AddressInfo,
  type Server,
  type Socket,
} from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { z } from "zod";
import { GatewayReport } from "#shared/api/gateway-talk.ts";
import { Fault } from "#shared/model/fault.ts";
import { systemClock } from "#shared/model/clock.ts";
import { hubTroubleCodes } from "#shared/model/hub-troubles.ts";
import { accessToken } from "./access-token.ts";
import { askHub } from "./hub-calls.ts";
import { hubLine, type HubLineOptions } from "./hub-line.ts";
import { toldTrouble, troubled, troubleOf, type Trouble } from "./hub-trouble.ts";
import { identityIn } from "./identity.ts";
import { syncCalls } from "./sync-calls.ts";
import { authority } from "./testing/authority.ts";

const test = suite("hub trouble");
/** Codes that some test met. */
const met = new Set<string>();

let folder: string;
test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "riser-trouble-"));
});
test.after(() => rm(folder, { recursive: true }));

const failureOf = async (work: () => Promise<unknown>): Promise<Trouble> => {
  try {
    await work();
  } catch (error) {
    const trouble = troubleOf(error);
    met.add(trouble.code);
    return trouble;
  }
  throw new Error("it went well");
};

/** Serves for as long as `work` takes. */
async function served<T>(server: Server, work: (port: number) => Promise<T>): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await work((server.address() as AddressInfo).port);
  } finally {
    (server as { closeAllConnections?: () => void }).closeAllConnections?.();
    server.close();
  }
}
const answering = (status: number, body: string, type = "application/json") =>
  createServer((_request, response) =>
    response.writeHead(status, { "content-type": type }).end(body),
  );

/** What comes of one question to `hubUrl`. */
async function asking(hubUrl: string, options: HubLineOptions = {}, timeoutMs = 5_000) {
  const line = hubLine(options);
  const call = { fetch: line.fetch, hubUrl, signal: new AbortController().signal };
  try {
    return await failureOf(() =>
      askHub(call, { path: "watch", body: {}, schema: z.object({}), timeoutMs }),
    );
  } finally {
    line.close();
  }
}

test("what the network does is told apart", async () => {
  assert.is((await asking("http://127.0.0.1:1")).code, "not_listening");
  const cut = createSocketServer((socket) => socket.resetAndDestroy());
  assert.is(
    await served(cut, async (at) => (await asking(`http://127.0.0.1:${at}`)).code),
    "cut_off",
  );
  const silent = createSocketServer((socket) => void socket.on("error", () => socket.destroy()));
  await served(silent, async (at) => {
    assert.is((await asking(`http://127.0.0.1:${at}`, {}, 50)).code, "no_answer");
  });
});

test("a certificate that nobody vouches for, and an address without TLS", async () => {
  const secure = createSecureServer({ ...authority(folder, "stranger").sign("IP:127.0.0.1") });
  await served(secure, async (at) => {
    assert.is((await asking(`https://127.0.0.1:${at}`)).code, "certificate_unknown");
  });
  await served(answering(200, "{}"), async (at) => {
    assert.is((await asking(`https://127.0.0.1:${at}`)).code, "no_tls");
  });
});

test("a proxy that is away, or refuses, is not taken for the hub, with and without TLS", async () => {
  for (const hubUrl of ["https://hub.example", "http://hub.example"]) {
    for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
      const trouble = await asking(hubUrl, { proxyUrl: `http://someone:secret@${host}:1` });
      assert.is(trouble.code, "proxy_away", `${hubUrl} by ${host}`);
      assert.not.match(JSON.stringify(trouble), "secret");
    }
    for (const refused of [403, 407]) {
      const refusing = answering(refused, "<h1>No</h1>", "text/html").on(
        "connect",
        (_request: IncomingMessage, socket: Duplex) =>
          void socket.end(`HTTP/1.1 ${refused} No\r\n\r\n`),
      );
      await served(refusing, async (at) => {
        const { code, status } = await asking(hubUrl, { proxyUrl: `http://127.0.0.1:${at}` });
        assert.equal([code, status], ["proxy_refuses", refused], hubUrl);
      });
    }
  }
  const problem = JSON.stringify({ status: 403, detail: "in the hub's words" });
  await served(answering(403, problem), async (at) => {
    const { code } = await asking("http://hub.example", { proxyUrl: `http://127.0.0.1:${at}` });
    assert.is(code, "community_refused", "the hub's own no comes through");
  });
});

test("a proxy is told name and password as they are meant, with and without TLS", async () => {
  for (const [written, meant] of [
    ["someone:p%40ss", "someone:p@ss"],
    ["someone:100%", "someone:100%"],
  ] as const)
    for (const hubUrl of ["https://hub.example", "http://hub.example"]) {
      const told: (string | undefined)[] = [];
      const proxy = createServer((request, response) => {
        told.push(request.headers["proxy-authorization"]);
        response.writeHead(407).end();
      }).on("connect", ({ headers }: IncomingMessage, socket: Duplex) => {
        told.push(headers["proxy-authorization"]);
        socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      });
      await served(proxy, (at) =>
        asking(hubUrl, { proxyUrl: `http://${written}@127.0.0.1:${at}` }),
      );
      assert.equal(told, [`Basic ${Buffer.from(meant).toString("base64")}`]);
    }
});

test("a proxy that never opens its way, or says so too slowly, is away before the hub is called silent", async () => {
  const answers: ((socket: Socket) => void)[] = [
    () => undefined,
    (socket) => {
      socket.write("HTTP/1.1 200 OK\r\nx: ");
      const slowly = setInterval(() => socket.write("x"), 10);
      socket.once("close", () => clearInterval(slowly));
    },
  ];
  for (const answer of answers) {
    const slow = createSocketServer((socket) => {
      socket.on("error", () => socket.destroy()).resume();
      answer(socket);
    });
    await served(slow, async (at) => {
      const options = { proxyUrl: `http://127.0.0.1:${at}`, proxyMs: 100 };
      assert.is((await asking("https://hub.example", options)).code, "proxy_away");
    });
  }
});

test("a question through a proxy that says nothing ends in its time, and one that came too late is not asked", async () => {
  const silent = createSocketServer((socket) => void socket.on("error", () => socket.destroy()));
  await served(silent, async (at) => {
    const proxyUrl = `http://127.0.0.1:${at}`;
    const startedMs = Date.now();
    assert.is((await asking("https://hub.example", { proxyUrl }, 50)).code, "no_answer");
    assert.ok(Date.now() - startedMs < 2_000);
    const line = hubLine({ proxyUrl });
    const signal = AbortSignal.abort(new Error("too late"));
    const late = await line.fetch("https://hub.example", { signal }).catch(String);
    assert.is(late, "Error: too late");
    line.close();
  });
});

test("a line that is closed lets go of a proxy that says nothing", async () => {
  const silent = createSocketServer();
  const taken = once(silent, "connection") as Promise<[Socket]>;
  await served(silent, async (at) => {
    const line = hubLine({ proxyUrl: `http://127.0.0.1:${at}` });
    const asked = failureOf(() => line.fetch("https://hub.example", {}));
    const [socket] = await taken;
    const gone = once(socket.resume(), "close");
    line.close();
    await gone;
    assert.is((await asked).code, "proxy_away");
  });
});

test("an answer says whether it is the hub's, and what it means there", async () => {
  const problem = (status: number, more: object = {}) =>
    JSON.stringify({ status, detail: "in the hub's words", ...more });
  const cases: [string, number | undefined, number, string, string?][] = [
    ["captive_portal", 302, 302, "", "text/html"],
    ["captive_portal", 200, 200, "<h1>Welcome</h1>", "text/html"],
    ["captive_portal", 401, 401, "{}"],
    ["hub_restarting", 502, 502, "<h1>Bad Gateway</h1>", "text/html"],
    ["hub_failing", 503, 503, problem(503)],
    ["hub_failing", 500, 500, problem(500)],
    ["token_refused", undefined, 401, problem(401)],
    ["community_refused", undefined, 403, problem(403)],
    ["not_understood", undefined, 404, problem(404)],
    ["not_understood", undefined, 400, problem(400)],
    ["too_large", undefined, 413, problem(413)],
    ["too_many", undefined, 429, problem(429, { retry_after_ms: 5_400 })],
    // A hub does not say what is wrong with this machine.
    [
      "hub_failing",
      503,
      503,
      problem(503, { trouble: { code: "disk_full" }, reason: "store_full" }),
    ],
  ];
  for (const [code, said, status, body, type] of cases)
    await served(answering(status, body, type), async (at) => {
      const trouble = await asking(`http://127.0.0.1:${at}`);
      assert.equal([trouble.code, trouble.status], [code, said], `${status} ${body}`);
      assert.is(trouble.seconds, code === "too_many" ? 6 : undefined);
    });
});

test("a refusal in replication is told as its own", async () => {
  const cases: [string, number, string][] = [
    ["token_refused", 401, "{}"],
    ["community_refused", 403, "{}"],
    ["community_missing", 404, '{"reason":"missing"}'],
    ["not_understood", 400, '{"reason":"IO error: of the hub"}'],
    ["hub_failing", 500, "{}"],
    ["too_many", 429, "{}"],
    ["captive_portal", 200, "[]"],
  ];
  const line = hubLine();
  for (const [code, status, body] of cases)
    await served(answering(status, body), async (at) => {
      const calls = syncCalls({
        hubUrl: `http://127.0.0.1:${at}`,
        fetch: line.fetch,
        token: async () => "a-token",
        signal: new AbortController().signal,
      });
      const trouble = await failureOf(() => calls.changes("tele-x-202611", 0, 1));
      assert.is(trouble.code, code, `${status} ${body}`);
    });
  line.close();
});

test("a token is refused for the time, for not being known, or with a word that proves nothing", async () => {
  const identity = await identityIn(folder);
  const hourAhead = new Date(Date.now() + 3_600_000).toISOString();
  const jwk = { kty: "EC", crv: "P-256", x: "x", y: "y" } as const;
  const face = { id: "0123456789abcdef", identity: jwk, sealing: jwk };
  const cases: [string, object][] = [
    ["clock_wrong", { status: 401, detail: "no", hub_time_at: hourAhead }],
    ["not_claimed", { status: 401, detail: "no", hub_time_at: new Date().toISOString() }],
    ["shut_out", { status: 403, detail: "withdrawn" }],
    ["false_word", { status: 403, detail: "withdrawn", statement: "a.b.c" }],
  ];
  const line = hubLine();
  for (const [code, said] of cases)
    await served(
      answering((said as { status: number }).status, JSON.stringify(said)),
      async (at) => {
        const token = accessToken({
          fetch: line.fetch,
          hubUrl: `http://127.0.0.1:${at}`,
          signal: new AbortController().signal,
          identity,
          clock: systemClock,
          face: () => face,
          // Nobody sets the clock.
          onHubTime: () => undefined,
        });
        const trouble = await failureOf(() => token.renew());
        assert.is(trouble.code, code);
        if (code === "clock_wrong") assert.ok(Math.abs((trouble.seconds ?? 0) - 3_600) < 30);
      },
    );
  line.close();
});

test("what cannot be brought about here is known by Node's, OpenSSL's and LevelDB's own words", async () => {
  const cases: [string, unknown][] = [
    ["dns_unknown", { code: "ENOTFOUND", syscall: "getaddrinfo" }],
    ["dns_silent", { code: "EAI_AGAIN" }],
    ["dns_silent", { code: "EAI_FAIL" }],
    ["no_network", { code: "ENETUNREACH" }],
    ["no_network", { errors: [{ code: "EHOSTUNREACH" }, { code: "ECONNREFUSED" }] }],
    ["certificate_expired", { code: "CERT_HAS_EXPIRED" }],
    ["certificate_early", { code: "CERT_NOT_YET_VALID" }],
    ["certificate_unknown", { code: "CERT_SIGNATURE_FAILURE" }],
    ["certificate_unknown", { code: "INVALID_CA" }],
    ["certificate_other_name", { code: "ERR_TLS_CERT_ALTNAME_INVALID" }],
    ["disk_full", new Error("IO error: /data/local/000006.log: No space left on device")],
    ["disk_failing", new Error("IO error: /data/local/000006.log: Input/output error")],
    ["unexpected", new TypeError("x is not a function")],
  ];
  for (const [code, cause] of cases) {
    const trouble = await failureOf(async () => {
      throw new Fault("unavailable", "cannot be used", {}, cause);
    });
    assert.is(trouble.code, code);
  }
  const strange = await failureOf(async () => {
    throw new Fault("unavailable", "cannot be used", {}, { code: "UNSPECIFIED" });
  });
  assert.equal([strange.code, strange.sentence], ["unexpected", "cannot be used (UNSPECIFIED)"]);
  const lost = await failureOf(async () => {
    throw troubled("conflict", { code: "month_lost" });
  });
  assert.equal(toldTrouble(lost), { code: "month_lost" });
});

test("no code stands in the list that nothing tells", () => {
  assert.equal(
    hubTroubleCodes.filter((code) => !met.has(code)),
    [],
  );
});

test("a report of an older gateway has a sentence only, one of a newer gateway a code nobody knows here", () => {
  const report = {
    version: "0.0.9",
    epoch: "00000001-0123456789abcdef",
    startedAt: "2026-11-26T08:00:00.000Z",
    connectedSince: null,
    lastSuccessAt: null,
    lastError: "the hub's name is not known here (DNS)",
    waiting: 0,
    waitingBytes: 0,
    completeUntil: null,
    etaMs: null,
    denied: 0,
    sites: {},
    holds: [],
  };
  assert.is(GatewayReport.parse(report).trouble, undefined);
  const newer = { ...report, trouble: { code: "moon_in_the_way", status: 302 }, moons: 2 };
  assert.equal(GatewayReport.parse(newer).trouble, { code: "unexpected", status: 302 });
});

test.run();
