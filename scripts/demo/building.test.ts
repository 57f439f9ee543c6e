import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseLoadFile } from "#cloud/hub/load/load-file.ts";
import { findDecoder } from "#shared/devices/list.ts";
import { Plan } from "#scripts/simulator/plan.ts";
import { inventBuilding } from "./building.ts";

const options = {
  seed: "riverside",
  nowMs: Date.UTC(2026, 10, 23, 12, 34),
  homes: 40,
  historyDays: 60,
  liveEveryMs: 75_000,
  randomHex: (bytes: number) => "ab".repeat(bytes),
};

test("forty homes with their meters make a file the hub takes and a plan the simulator takes", () => {
  const { load, plan } = inventBuilding(options);
  const [community] = parseLoadFile(JSON.parse(JSON.stringify(load))).communities;
  assert.ok(community);
  Plan.parse(plan);
  const count = (kind: string) => community.devices.filter((device) => device.kind === kind).length;
  assert.is(community.units.length, 40);
  assert.equal(["cold_water", "heat", "electricity", "temperature"].map(count), [40, 20, 20, 20]);
  for (const { model } of community.devices) assert.ok(findDecoder(model), model);
});

test("the same seed and moment give the same building", () => {
  assert.equal(inventBuilding(options), inventBuilding(options));
  assert.not.equal(
    inventBuilding({ ...options, seed: "other" }).plan.devices,
    inventBuilding(options).plan.devices,
  );
});

test("a smaller building has its stories too", () => {
  const { load, stories } = inventBuilding({ ...options, homes: 6, historyDays: 2 });
  const { units } = load.communities[0]!;
  const moved = units.find(({ name }) => name === stories.movedIn.unit);
  assert.is(moved?.tenancies?.length, 2);
  assert.is(moved?.tenancies?.[0]?.to, moved?.tenancies?.[1]?.from);
  assert.is(
    new Set([stories.usual, stories.leak, stories.movedIn, stories.silent].map(({ unit }) => unit))
      .size,
    4,
  );
});

test("the file for the hub knows nothing of the strangers", () => {
  const { load, plan } = inventBuilding(options);
  const known = new Set(load.communities[0]!.devices.map(({ dev_eui }) => String(dev_eui)));
  const strangers = plan.devices.filter(({ isStranger }) => isStranger);
  assert.is(strangers.length, 2);
  for (const { devEui } of strangers) assert.not.ok(known.has(devEui));
});

test.run();
