import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compactDecrypt, exportJWK, generateKeyPair, type CryptoKey, type JWK } from "jose";
import { readSite, type Site } from "#shared/access/site.ts";
import { eventLog } from "#shared/couch/event-log.ts";
import type { LocalDatabases } from "#shared/couch/leveldb.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { AnswerDoc } from "#shared/model/events/answer.ts";
import type { RequestDoc, RequestId } from "#shared/model/events/request.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { DeviceId, GatewayId, InstallationId, WriterId } from "#shared/model/ids.ts";
import type { JoinKeys } from "#shared/model/site.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import {
  HOME_1A,
  HOME_1B,
  PRESENT,
  siteExample,
  TENANT,
  WATER_1A,
} from "#shared/testing/site-example.ts";
import { steerableClock, type SteerableClock } from "#shared/testing/steerable-clock.ts";
import { requestBook, type RequestBook } from "./request-book.ts";

const GATEWAY = "gw-00112233445566aa" as GatewayId;
const NEW = "70b3d57ed00c0001" as DeviceId;
const APP_KEY = "ffeeddccbbaa99887766554433221100";
const START = Date.UTC(2026, 10, 23, 12);
const keys: JoinKeys = { joinEui: "0000000000000001", appKey: APP_KEY, macVersion: "1.0" };
const id = (n: number) => `q-${String(n).padStart(16, "0")}` as RequestId;

interface Context {
  databases: LocalDatabases;
  clock: SteerableClock;
  site: Site;
  hub: { readonly privateKey: CryptoKey; readonly jwk: JWK };
  own: { readonly privateKey: CryptoKey; readonly jwk: JWK };
  /** Events cannot be written, and of which that was told. */
  trouble: { isFull: boolean; refused?: RequestId; told: RequestId[] };
  open(hubKey?: () => JWK | undefined): Promise<RequestBook>;
  events(): Promise<RequestDoc[]>;
}
const test = suite<Context>("request book");
const pair = async () => {
  const { publicKey, privateKey } = await generateKeyPair("ECDH-ES+A256KW", { extractable: true });
  return { privateKey, jwk: await exportJWK(publicKey) };
};

test.before.each(async (context) => {
  const databases = openMemoryDatabases();
  const clock = steerableClock(START);
  const [hub, own] = [await pair(), await pair()];
  const local = await databases.open("local");
  const source = await databases.open(databaseName.site(TENANT, 1));
  await source.bulk(await siteExample());
  const site = (await readSite(source)) as Site;
  const events = eventLog({
    databases,
    writer: GATEWAY as string as WriterId,
    month: () => "202611",
  });
  const trouble: Context["trouble"] = { isFull: false, told: [] };
  Object.assign(context, {
    trouble,
    databases,
    clock,
    site,
    hub,
    own,
    async open(hubKey: () => JWK | undefined = () => hub.jwk) {
      const book = requestBook({
        gatewayId: GATEWAY,
        events: {
          ...events,
          append: async (...said: Parameters<typeof events.append>) => {
            if (trouble.isFull || JSON.stringify(said).includes(trouble.refused ?? "\0"))
              throw new Fault("unavailable", "no room");
            return events.append(...said);
          },
        } as typeof events,
        local,
        clock,
        hubKey,
        ownKey: own.jwk,
        openKeys: async (jwe: string) => {
          const { plaintext } = await compactDecrypt(jwe, own.privateKey);
          const { devices } = JSON.parse(new TextDecoder().decode(plaintext)) as {
            devices: Record<DeviceId, JoinKeys>;
          };
          return new Map(Object.entries(devices) as [DeviceId, JoinKeys][]);
        },
        onChange: () => undefined,
        onUnsaid: (requestId) => trouble.told.push(requestId),
      });
      await book.open(TENANT);
      return book;
    },
    async events() {
      const all: RequestDoc[] = [];
      for await (const one of events.read(TENANT, "request")) all.push(one);
      return all;
    },
  });
});
test.after.each(async ({ databases }) => databases.close());

const from = new Date(START).toISOString();
const register = {
  requestId: id(1),
  kind: "register",
  by: "installer",
  asked: { deviceId: NEW, name: "Kitchen", kind: "cold_water", from },
  keys,
} as const;
const mount = {
  requestId: id(2),
  kind: "mount",
  by: "installer",
  asked: {
    installationId: "i-0000000000000077" as InstallationId,
    deviceId: WATER_1A,
    unitId: HOME_1B,
    from,
    startIndex: "12.5",
  },
} as const;
const answer = (n: number, outcome: AnswerDoc["outcome"], at: string): AnswerDoc => ({
  _id: `e:hub-0011223344556677:answer:${id(n)}`,
  type: "answer",
  v: 1,
  writer: "hub-0011223344556677" as WriterId,
  at,
  requestId: id(n),
  outcome,
});
const mountedIn = ({ site }: { site: Site }, deviceId: DeviceId) =>
  site.devices.get(deviceId)?.installations.at(-1)?.unitId;

test("what is asked for acts at once, and after a restart, until the site that holds it has come", async ({
  site,
  open,
  clock,
}) => {
  const book = await open();
  await book.make(site, register);
  await book.make(site, mount);
  const check = (one: RequestBook) => {
    const now = one.over(site, new Map());
    assert.is(now.site.devices.get(NEW)?.name, "Kitchen");
    assert.equal(now.keys.get(NEW), keys);
    assert.is(mountedIn(now, WATER_1A), HOME_1B);
    assert.is(now.site.devices.get(WATER_1A)?.installations[0]?.to, from);
  };
  check(book);
  const again = await open();
  check(again);
  await clock.advance(60_000);
  const at = new Date(clock.now()).toISOString();
  await again.answered(TENANT, [answer(1, "done", at), answer(2, "changed-meanwhile", at)]);
  const after = again.over(site, new Map());
  assert.is(after.site.devices.get(NEW)?.name, "Kitchen", "done, and the site is an older one");
  assert.is(mountedIn(after, WATER_1A), HOME_1A, "the hub's word stands");
  const community = { ...site.community, projectedAt: new Date(clock.now() + 1).toISOString() };
  const newer = again.over({ ...site, community }, new Map());
  assert.not.ok(newer.site.devices.has(NEW), "the newer site says what is");
  assert.is(newer.keys.size, 0);
});

test("the later word of a hub that came back from a backup and answered again is the one that counts", async ({
  site,
  open,
  clock,
}) => {
  const book = await open();
  await book.make(site, register);
  const at = (ms: number) => new Date(clock.now() + ms).toISOString();
  const outcome = () => book.of(TENANT)[0]?.answer?.outcome;
  await book.answered(TENANT, [answer(1, "done", at(1_000))]);
  await book.answered(TENANT, [answer(1, "refused", at(9_000))]);
  assert.is(outcome(), "refused");
  await book.answered(TENANT, [answer(1, "done", at(1_000))]);
  assert.is(outcome(), "refused", "the earlier one came again");
});

test("the same request again is one, and something else under its id is refused", async ({
  site,
  open,
  events,
}) => {
  const book = await open();
  const first = await book.make(site, mount);
  assert.equal(await book.make(site, mount), first);
  const other = { ...mount, asked: { ...mount.asked, unitId: HOME_1A } };
  try {
    await book.make(site, other);
    assert.unreachable("it was taken");
  } catch (error) {
    assert.ok(isFault(error, "conflict"), String(error));
  }
  assert.is((await events()).length, 1);
});

test("keys go up sealed for the hub and lie here sealed for this gateway", async ({
  site,
  open,
  events,
  hub,
  databases,
}) => {
  const book = await open();
  await book.make(site, register);
  const [event] = await events();
  const { plaintext } = await compactDecrypt(event?.sealed as string, hub.privateKey);
  assert.equal(JSON.parse(new TextDecoder().decode(plaintext)), { devices: { [NEW]: keys } });
  for (const name of await databases.names()) {
    const text = JSON.stringify(await (await databases.open(name)).list());
    assert.not.ok(text.includes(APP_KEY), `the key lies in ${name}`);
  }
});

test("before the hub was ever met a device joins with its key, and the hub is told as soon as its own is known", async ({
  site,
  hub,
  open,
  events,
  databases,
}) => {
  let hubKey: JWK | undefined;
  const book = await open(() => hubKey);
  await book.make(site, register);
  assert.equal(book.over(site, new Map()).keys.get(NEW), keys, "it joins");
  await book.sendRest();
  assert.equal(await events(), [], "nobody could read it yet");
  const again = await open(() => hubKey);
  assert.equal(again.over(site, new Map()).keys.get(NEW), keys, "also after a restart");
  for (const name of await databases.names()) {
    const text = JSON.stringify(await (await databases.open(name)).list());
    assert.not.ok(text.includes(APP_KEY), `the key lies in ${name}`);
  }
  hubKey = hub.jwk;
  await again.sendRest();
  await again.sendRest();
  const [event, ...more] = await events();
  assert.equal(more, []);
  const { plaintext } = await compactDecrypt(event?.sealed as string, hub.privateKey);
  assert.equal(JSON.parse(new TextDecoder().decode(plaintext)), { devices: { [NEW]: keys } });
});

async function cannotSend(book: RequestBook) {
  const error: unknown = await book.sendRest().catch((reason: unknown) => reason);
  assert.ok(isFault(error, "unavailable"), String(error));
}

test("what could not be written down for the hub is in force, and written once when it can be", async ({
  site,
  open,
  events,
  trouble,
}) => {
  const book = await open();
  trouble.isFull = true;
  await book.make(site, mount);
  assert.is(mountedIn(book.over(site, new Map()), WATER_1A), HOME_1B);
  assert.equal(trouble.told, [id(2)]);
  assert.equal(await events(), []);
  await cannotSend(book);
  trouble.isFull = false;
  await book.sendRest();
  await book.sendRest();
  assert.is((await events()).length, 1);
});

test("one that cannot be written does not hold up those behind it", async ({
  site,
  open,
  events,
  trouble,
}) => {
  const book = await open();
  trouble.isFull = true;
  await book.make(site, register);
  await book.make(site, mount);
  Object.assign(trouble, { isFull: false, refused: id(1) });
  await cannotSend(book);
  assert.equal(
    (await events()).map(({ requestId }) => requestId),
    [id(2)],
  );
  delete trouble.refused;
  await book.sendRest();
  assert.is((await events()).length, 2);
});

test("of a community that is gone nothing is written any more", async ({
  site,
  open,
  events,
  trouble,
}) => {
  const book = await open();
  trouble.isFull = true;
  await book.make(site, mount);
  trouble.isFull = false;
  book.forget(TENANT);
  await book.sendRest();
  assert.equal([book.of(TENANT), await events()], [[], []]);
});

test("an event that a cut lost is written at the next start, and an answer that came is heard", async ({
  site,
  open,
  events,
  databases,
}) => {
  const book = await open();
  await book.make(site, mount);
  await databases.destroy(databaseName.events(TENANT, "202611"));
  assert.equal(await events(), []);
  await open();
  assert.is((await events()).length, 1);
  const log = await databases.open(databaseName.events(TENANT, "202611"));
  await log.put(answer(2, "refused", new Date(START + 1).toISOString()));
  const again = await open();
  assert.is(again.of(TENANT)[0]?.answer?.outcome, "refused");
  assert.is(mountedIn(again.over(site, new Map()), WATER_1A), HOME_1A);
});

test("a resident's settings are theirs alone", async ({ site, open }) => {
  const book = await open();
  await book.make(site, {
    requestId: id(5),
    kind: "resident-settings",
    by: PRESENT.residentId,
    asked: { language: "fr", hours: true },
  });
  const { codes } = book.over(site, new Map()).site;
  for (const code of codes.values())
    assert.is(
      code.language === "fr" && code.hasAgreedToHours === true,
      code.residentId === PRESENT.residentId,
    );
});

test.run();
