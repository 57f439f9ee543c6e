/**
 * The gateway's way to the hub as buildings spoil it: real certificates, a real proxy, real names. A
 * whole gateway hears all the while over its own broker; each reading has to be on the hub once.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { lookup } from "node:dns/promises";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import mqtt from "mqtt";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { hashSecret } from "#shared/auth/secret-hash.ts";
import type { Doc } from "#shared/couch/database.ts";
import { systemClock } from "#shared/model/clock.ts";
import { databaseName, monthOf, parseDatabaseName } from "#shared/model/database-names.ts";
import type { HubTroubleCode } from "#shared/model/hub-troubles.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { unpackSegment } from "#shared/series/segment.ts";
import { siteExample, TENANT, WATER_1A } from "#shared/testing/site-example.ts";
import type { HubState } from "./hub-link.ts";
import { identityIn } from "./identity.ts";
import { authority, type Authority, type Certificate } from "./testing/authority.ts";
import { moodyProxy, type MoodyProxy } from "./testing/moody-proxy.ts";
import { tinyHub } from "./testing/tiny-hub.ts";
import { tlsDoor } from "./testing/tls-door.ts";

const test = suite("hub line");
const PROGRAM = fileURLToPath(new URL("testing/hasty-gateway.ts", import.meta.url));
const PASSWORD = "only for this broker";
const PROXY_PASSWORD = "only for this proxy";
const DAY_MS = 86_400_000;
/** What the hub is called where a proxy finds it. */
const FAR_NAME = "hub.example";
const FAR_URL = `https://${FAR_NAME}`;
/** Readings on their way up. */
const PUSH = /-tele-\d{6}\/_bulk_docs/;
const AT_HOME = "DNS:localhost,IP:127.0.0.1";

const until = async (isSo: () => boolean | Promise<boolean>, what: () => string) => {
  for (const endMs = Date.now() + 20_000; !(await isSo()); await systemClock.sleep(20))
    if (Date.now() > endMs) throw new Error(`in vain: ${what()}`);
};

/** A hub behind TLS, with a community of two homes. */
async function stand(certificate: Certificate) {
  const hub = await tinyHub();
  await (await hub.databases.open(databaseName.site(TENANT, 1))).bulk(await siteExample());
  hub.told.communities = [
    { tenant: TENANT, name: "Riverside", site: databaseName.site(TENANT, 1) },
  ];
  for (const month of [monthOf(Date.now()), monthOf(Date.now() + DAY_MS)]) {
    await hub.databases.open(databaseName.tele(TENANT, month));
    await hub.databases.open(databaseName.events(TENANT, month));
  }
  const door = await tlsDoor(Number(new URL(hub.url).port), certificate);
  return { hub, door };
}

/** A process for gateways, which believes an authority. */
function runGateways(authorityFile: string) {
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), PROGRAM], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: authorityFile },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const gone = once(child, "exit") as Promise<[code: number | null]>;
  let words = "";
  child.stderr.on("data", (piece: Buffer) => (words = `${words}${String(piece)}`.slice(-2_000)));
  const lines = createInterface({ input: child.stdout });
  return {
    words: () => words,
    /** One at a time. */
    async start(settings: object) {
      child.stdin.write(`${JSON.stringify(settings)}\n`);
      const [line] = await Promise.race([
        once(lines, "line") as Promise<[string]>,
        gone.then(() => Promise.reject(new Error(`no gateway: ${words}`))),
      ]);
      return JSON.parse(line) as { url: string; mqttPort: number };
    },
    async stop() {
      child.stdin.end();
      const [code] = await gone;
      assert.is(code, 0, words);
    },
  };
}

/** A gateway, with who publishes to it. */
async function gateway(
  { start, words }: ReturnType<typeof runGateways>,
  folder: string,
  hub: Awaited<ReturnType<typeof tinyHub>>,
  settings: object = {},
) {
  await mkdir(folder);
  const data = join(folder, "edge");
  const { gatewayId } = await identityIn(data);
  await hub.databases.open(databaseName.gateway(gatewayId));
  await writeFile(join(folder, "users"), `server:${await hashSecret(PASSWORD)}\n`);
  const { url, mqttPort } = await start({
    EDGE_DATA: data,
    EDGE_PORT: "0",
    UDP_PORT: "off",
    MQTT_PORT: "0",
    MQTT_USERS_FILE: join(folder, "users"),
    COMMIT_WINDOW_MS: "1",
    SEAL_ONLINE_MS: "100",
    SEAL_OFFLINE_MS: "100",
    SYNC_POLL_MS: "1000",
    ...settings,
  });
  const publisher = await mqtt.connectAsync(`mqtt://127.0.0.1:${mqttPort}`, {
    username: "server",
    password: PASSWORD,
  });
  let heard = 0;
  const state = async () => {
    const answer = await fetch(`${url}/health`);
    return ((await answer.json()) as { hub: HubState }).hub;
  };
  return {
    state,
    words,
    /** Names another hub, as the setup page does. */
    async move(hubUrl: string) {
      const path = join(data, "hub.json");
      const before = JSON.parse(await readFile(path, "utf8").catch(() => "{}")) as object;
      await writeFile(`${path}.moved`, JSON.stringify({ ...before, v: 1, url: hubUrl }));
      await rename(`${path}.moved`, path);
    },
    /** Resolves when all of them are durable here. */
    async hear(count = 3) {
      for (let n = 0; n < count; n++) {
        const body = { deviceInfo: { devEui: WATER_1A }, devAddr: "00189440", fPort: 99 };
        const data64 = Buffer.from(`reading ${heard}`).toString("base64");
        const text = JSON.stringify({ ...body, fCnt: heard++, data: data64 });
        await publisher.publishAsync(`application/1/device/${WATER_1A}/event/up`, text, { qos: 1 });
      }
    },
    /** Sooner or later: what was under way when it began may have been cut off first. */
    async isInTrouble(code: HubTroubleCode, status?: number) {
      let now: HubState | undefined;
      await until(
        async () => {
          now = await state();
          return !now.isReached && now.trouble?.code === code && now.trouble.status === status;
        },
        () => `in trouble: ${code}; it is ${JSON.stringify(now?.trouble)}`,
      );
    },
    /** In step again, and everything heard so far is on the hub, each reading once. */
    async isWhole(what: string) {
      await until(
        async () => {
          const now = await state();
          return now.isReached && now.trouble === null && (await onHub(hub)).length >= heard;
        },
        () => `${what}: in step again; ${words()}`,
      );
      const wanted = Array.from({ length: heard }, (_, n) => n);
      assert.equal(await onHub(hub), wanted, what);
    },
    stop: () => publisher.endAsync(),
  };
}

/** Counters of all readings the hub has, in order, one twice when it is there twice. */
async function onHub({ databases }: Awaited<ReturnType<typeof tinyHub>>): Promise<number[]> {
  const found: number[] = [];
  for (const name of await databases.names()) {
    if (parseDatabaseName(name)?.kind !== "tele") continue;
    const segments = await (await databases.open(name)).list<SegmentDoc & Doc>({ from: "s:" });
    for (const segment of segments)
      for (const { fCnt } of unpackSegment(segment)) found.push(Number(fCnt));
  }
  return found.toSorted((a, b) => a - b);
}

type Stand = Awaited<ReturnType<typeof stand>>;
type Gateway = Awaited<ReturnType<typeof gateway>>;
let root: string;
let known: Authority;
let gateways: ReturnType<typeof runGateways>;
/** One is asked directly, the other through a proxy. */
let near: Stand & { readonly box: Gateway; readonly good: Certificate; readonly url: string };
let far: Stand & { readonly box: Gateway; readonly proxy: MoodyProxy };

async function openNear() {
  const good = known.sign(AT_HOME);
  const made = await stand(good);
  const url = `https://localhost:${made.door.port}`;
  const box = await gateway(gateways, join(root, "near"), made.hub);
  await box.move(url);
  await box.hear();
  await box.isWhole("at first");
  near = { ...made, box, good, url };
}
async function openFar() {
  const made = await stand(known.sign(`DNS:${FAR_NAME},IP:127.0.0.1,IP:::1`));
  const proxy = await moodyProxy(made.door.port, { user: "building", password: PROXY_PASSWORD });
  const box = await gateway(gateways, join(root, "far"), made.hub, { HUB_PROXY: proxy.url });
  await box.move(FAR_URL);
  far = { ...made, box, proxy };
}

test.before(async () => {
  root = await mkdtemp(join(tmpdir(), "riser-line-"));
  known = authority(root, "known");
  gateways = runGateways(known.file);
  await openNear();
  await openFar();
});
/** As each test found it, whatever became of the one before. */
test.before.each(async () => {
  far.hub.told.answering = async () => undefined;
  far.proxy.want(PROXY_PASSWORD);
  far.proxy.refuse(undefined);
  await far.proxy.rise();
  near.door.show(near.good);
  await near.box.move(near.url);
  await far.box.move(FAR_URL);
});
test.after(async () => {
  for (const { box } of [near, far]) await box.stop();
  await gateways.stop();
  for (const { door, hub } of [near, far]) {
    await door.stop();
    await hub.stop();
  }
  await far.proxy.stop();
  await rm(root, { recursive: true });
});

const shown: [what: string, code: HubTroubleCode, make: () => Certificate][] = [
  [
    "has run out",
    "certificate_expired",
    () => known.sign(AT_HOME, { fromMs: Date.now() - 9 * DAY_MS, toMs: Date.now() - DAY_MS }),
  ],
  [
    "is not valid yet, as for a clock that is behind",
    "certificate_early",
    () => known.sign(AT_HOME, { fromMs: Date.now() + DAY_MS, toMs: Date.now() + 9 * DAY_MS }),
  ],
  ["is for another name", "certificate_other_name", () => known.sign("DNS:hub.example.org")],
  [
    "is signed by nobody known",
    "certificate_unknown",
    () => authority(root, "stranger").sign(AT_HOME),
  ],
  [
    "is signed by somebody who calls himself as the one known",
    "certificate_unknown",
    () => authority(root, "impostor", "known").sign(AT_HOME),
  ],
];
for (const [what, code, make] of shown)
  test(`a certificate that ${what} is told as what it is, and nothing is lost by it`, async () => {
    const { box, door, good } = near;
    door.show(make());
    await box.isInTrouble(code);
    await box.hear();
    await box.isInTrouble(code);
    door.show(good);
    await box.isWhole(what);
  });

test("a name that is not known, or that nobody can look up, is told; another address is gone to at once", async () => {
  const { box, url } = near;
  await box.move("https://hub.invalid");
  // Where nobody answers questions for names, that is what is told.
  const known = await lookup("hub.invalid").catch((error: NodeJS.ErrnoException) => error.code);
  await box.isInTrouble(known === "ENOTFOUND" ? "dns_unknown" : "dns_silent");
  await box.hear();
  await box.move(url);
  await box.isWhole("a name that is known");
});

test("through a proxy that wants a name and a password everything goes up, and the proxy knows no more than the hub's name", async () => {
  const { box, proxy } = far;
  await box.hear();
  await box.isWhole("through the proxy");
  assert.equal([...proxy.asked], [`${FAR_NAME}:443`]);
});

test("a hub that has an address and no name is gone to by it, directly and through a proxy", async () => {
  const goTo = async ({ box }: { readonly box: Gateway }, hubUrl: string) => {
    await box.move(hubUrl);
    await until(
      async () => (await box.state()).hubUrl === hubUrl,
      () => hubUrl,
    );
    await box.hear();
    await box.isWhole(hubUrl);
    assert.not.match(box.words(), "Deprecation");
  };
  await goTo(near, near.url.replace("localhost", "127.0.0.1"));
  await goTo(near, near.url);
  far.proxy.asked.clear();
  for (const host of ["127.0.0.1", "[::1]"]) {
    await goTo(far, `https://${host}`);
    assert.ok(far.proxy.asked.has(`${host}:443`));
  }
  await goTo(far, FAR_URL);
});

test("a proxy that dies while readings go up is told, before the hub has them or after, and each arrives once", async () => {
  const { box, door, hub, proxy } = far;
  const count = async () => (await onHub(hub)).length;
  const recovers = async () => {
    await box.isInTrouble("proxy_away");
    await box.hear();
    await proxy.rise();
    await box.isWhole("the proxy is back");
  };
  const before = await count();
  const held = door.heldAt(PUSH);
  await box.hear();
  await held;
  await proxy.die();
  assert.is(await count(), before);
  await recovers();

  const had = await count();
  const written = new Promise<void>((resolve) => {
    hub.told.answering = async (path) => {
      if (!PUSH.test(path)) return;
      hub.told.answering = async () => undefined;
      await proxy.die();
      resolve();
    };
  });
  await box.hear();
  await written;
  assert.ok((await count()) > had);
  await recovers();
});

for (const [status, code] of [
  [403, "proxy_refuses"],
  [502, "hub_restarting"],
  [503, "hub_restarting"],
] as const)
  test(`a proxy that answers ${status} is told with its number, and gone through when it is over`, async () => {
    const { box, proxy } = far;
    proxy.refuse(status);
    await box.isInTrouble(code, status);
    await box.hear();
    proxy.refuse(undefined);
    await box.isWhole(`${status} is over`);
  });

test("a proxy that wants another password is told, and no password is", async () => {
  const { box, proxy } = far;
  proxy.want("another one");
  await box.isInTrouble("proxy_refuses", 407);
  await box.hear();
  const told = `${JSON.stringify(await box.state())} ${box.words()}`;
  assert.match(told, "the proxy refuses");
  const pair = Buffer.from(`building:${PROXY_PASSWORD}`).toString("base64");
  for (const secret of [PROXY_PASSWORD, encodeURIComponent(PROXY_PASSWORD), pair])
    assert.not.match(told, secret);
  proxy.want(PROXY_PASSWORD);
  await box.isWhole("the password is right");
});

test.run();
