import { suite } from "uvu";
import * as assert from "uvu/assert";
import { inbox } from "#shared/keep/inbox.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { DeviceId, TenantName, WriterId } from "#shared/model/ids.ts";
import { keptUplink, METER } from "#shared/testing/kept-uplinks.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { TENANT } from "#shared/testing/site-example.ts";
import { dailyCounts } from "./daily-counts.ts";

const test = suite("daily counts");
const WRITER = "gw-00112233445566aa" as WriterId;
const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 10, 23, 12);

test("a day is counted once it is over and sealed, by community and device, and never twice", async () => {
  const databases = openMemoryDatabases();
  const local = await databases.open(databaseName.local);
  const clock = { now: () => START, sleep: () => Promise.resolve() };
  const kept = inbox({
    databases,
    clock,
    windowMs: 0,
    lastN: 0,
    onKept: () => undefined,
    onReached: () => undefined,
  });
  const other = { tenant: "hillside" as TenantName, deviceId: "70b3d57ed0000009" as DeviceId };
  for (let i = 0; i < 4; i++) await kept.keep(TENANT, keptUplink(START + i * 60_000, i));
  await kept.keep(other.tenant, keptUplink(START, 9, { deviceId: other.deviceId }));
  clock.now = () => START + DAY_MS;
  await kept.keep(TENANT, keptUplink(START + DAY_MS, 10));

  const told: [string, string, object][] = [];
  const events = {
    append: async (tenant: string, _type: string, name: string, said: object) => {
      told.push([tenant, name, said]);
      return name;
    },
  };
  const days = await dailyCounts({ databases, local, events, writer: WRITER });
  await days.count("20261123", 6);
  await days.count("20261124", 3);
  assert.equal(told, [], "not over; not sealed");
  await days.count("20261124", 5);
  assert.equal(
    told.map(([tenant, name, said]) => [tenant, name, said]),
    [
      [
        TENANT,
        "20261123:1",
        { day: "20261123", inbox: { from: 1, to: 5 }, count: 4, devices: { [METER]: 4 } },
      ],
      [
        other.tenant,
        "20261123:1",
        { day: "20261123", inbox: { from: 1, to: 5 }, count: 1, devices: { [other.deviceId]: 1 } },
      ],
    ],
  );
  const again = await dailyCounts({ databases, local, events, writer: WRITER });
  await again.count("20261124", 6);
  assert.is(told.length, 2);
  assert.is(again.counted(), "20261123");
  await databases.close();
});

test.run();
