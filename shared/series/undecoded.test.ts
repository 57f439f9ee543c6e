import { test } from "uvu";
import * as assert from "uvu/assert";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { noteUndecoded, undecodedOf } from "./undecoded.ts";

const TENANT = "riverside" as TenantName;
const NOON = Date.UTC(2026, 10, 23, 12);
const DAY = 86_400_000;
const writer = "gw-0000000000000001";
const raw = (time: number, n: number, wanted: Partial<KeptUplink> = {}) =>
  keptUplink(time, n, { readings: [], undecoded: "too short", decoder: "own/meter@1", ...wanted });
const heard = (...uplinks: KeptUplink[]) =>
  uplinks.map((uplink) => ({ writer, before: uplink, now: uplink }));

test("lists what could not be decoded by day, newest first, each once however often it is told", async () => {
  const databases = openMemoryDatabases();
  const store = await databases.openShelf("roll");
  const [first, second, next] = [raw(NOON, 1), raw(NOON + 1, 2), raw(NOON + DAY, 3)];
  await noteUndecoded(store, TENANT, heard(first, keptUplink(NOON, 9)));
  await noteUndecoded(store, TENANT, heard(second, first));
  await noteUndecoded(store, TENANT, heard(next));
  await noteUndecoded(store, "riverside-2" as TenantName, heard(raw(NOON, 4)));
  const found = await undecodedOf(store, TENANT);
  assert.equal(
    found.map(({ uplinks }) => uplinks.map(({ heardAt }) => heardAt)),
    [[NOON + DAY], [NOON, NOON + 1]],
  );
  assert.is(found[1]?.uplinks[0]?.reason, "too short");
  assert.is(found[1]?.uplinks[0]?.hex, Buffer.from(first.payload).toString("hex"));
  await databases.close();
});

test("what a mended decoder reads vanishes from the list, the rest stays", async () => {
  const databases = openMemoryDatabases();
  const store = await databases.openShelf("roll");
  const [one, two] = [raw(NOON, 1), raw(NOON + 1, 2)];
  await noteUndecoded(store, TENANT, heard(one, two));
  const mended = { ...one, undecoded: null, decoder: "own/meter@2" };
  await noteUndecoded(store, TENANT, [{ writer, before: one, now: mended }]);
  const left = await undecodedOf(store, TENANT);
  assert.equal(
    left.flatMap(({ uplinks }) => uplinks.map(({ identity }) => identity)),
    [two.identity],
  );
  await noteUndecoded(store, TENANT, [{ writer, before: two, now: { ...two, undecoded: null } }]);
  assert.equal(await undecodedOf(store, TENANT), []);
  await databases.close();
});

test("a device that sends rubbish all day fills its own day only so far, and says so", async () => {
  const databases = openMemoryDatabases();
  const store = await databases.openShelf("roll");
  const start = Date.UTC(2026, 10, 23);
  const flood = Array.from({ length: 600 }, (_, n) => raw(start + n * 60_000, n));
  await noteUndecoded(store, TENANT, heard(...flood));
  await noteUndecoded(
    store,
    TENANT,
    heard(raw(start, 1, { deviceId: "70b3d57ed0000002" as DeviceId })),
  );
  const found = await undecodedOf(store, TENANT);
  assert.equal(
    found.map(({ deviceId, uplinks, isMore }) => [deviceId, uplinks.length, isMore]),
    [
      ["70b3d57ed0000002", 1, undefined],
      ["70b3d57ed0000001", 480, true],
    ],
  );
  assert.is(found[1]?.uplinks.at(-1)?.heardAt, start + 599 * 60_000);
  await databases.close();
});

test.run();
