import { test } from "uvu";
import * as assert from "uvu/assert";
import type { DeviceDoc } from "#cloud/areas/devices/device-store.ts";
import { isFault } from "#shared/model/fault.ts";
import type { CommunityId, DeviceId, InstallationId, UnitId } from "#shared/model/ids.ts";
import { indexText } from "#shared/model/decimal-index.ts";
import { withReadOffs } from "#shared/model/index-reading.ts";
import { corrected, installed, Overlap, removedAt } from "./installing.ts";

const [A, B] = ["c-aaaaaaaaaaaaaaaa", "c-bbbbbbbbbbbbbbbb"] as [CommunityId, CommunityId];
const [HOME, OTHER] = ["u-aaaaaaaaaaaaaaaa", "u-bbbbbbbbbbbbbbbb"] as [UnitId, UnitId];
const at = (month: number) => new Date(Date.UTC(2026, month - 1)).toISOString();
const id = (n: number) => `i-${String(n).padStart(16, "0")}` as InstallationId;
const free: DeviceDoc = {
  _id: "device:0004a30b001f2a3b",
  type: "device",
  v: 1,
  communityId: null,
  deviceId: "0004a30b001f2a3b" as DeviceId,
  name: "Meter",
  kind: "cold_water",
  model: "riser/reported-values",
  expectedIntervalMs: 3_600_000,
  held: [],
  installations: [],
  isActive: true,
  createdAt: at(1),
};
const mount = (device: DeviceDoc, n: number, from: number, to?: number, unitId = HOME, c = A) =>
  installed(device, id(n), {
    communityId: c,
    unitId,
    from: at(from),
    to: to === undefined ? undefined : at(to),
  });
const refused = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

test("who is given a device in a home holds it from then on, also when the home has it for a time only", () => {
  assert.equal(mount(free, 1, 3).held, [{ communityId: A, from: at(3) }]);
  const forATime = mount(free, 1, 3, 5);
  assert.equal(forATime.held, [{ communityId: A, from: at(3) }]);
  assert.is(forATime.communityId, A);
});

test("a device is in one place at a time, and the refusal says which", () => {
  const mounted = mount(free, 1, 3, 6);
  const error = refused(() => mount(mounted, 2, 5, 8, OTHER));
  assert.ok(error instanceof Overlap);
  assert.equal(error.details.overlaps, {
    id: id(1),
    valid_from: at(3),
    valid_to: at(6),
  });
  assert.is(mount(mounted, 2, 6, undefined, OTHER).installations.length, 2, "side by side is none");
  assert.ok(
    isFault(
      refused(() => mount(free, 1, 5, 5)),
      "invalid",
    ),
    "nor may it be empty",
  );
});

test("another community's time is not taken", () => {
  const held = mount(free, 1, 3);
  assert.ok(
    isFault(
      refused(() => mount(held, 2, 1, 4, OTHER, B)),
      "conflict",
    ),
  );
  const before = mount(held, 2, 1, 3, OTHER, B);
  assert.equal(before.held, [
    { communityId: B, from: at(1), to: at(3) },
    { communityId: A, from: at(3) },
  ]);
  assert.is(before.communityId, A);
});

test("a mounting before the paper says so takes the holding back with it", () => {
  const device = { ...mount(free, 1, 5), installations: [] };
  assert.equal(mount(device, 2, 2).held, [{ communityId: A, from: at(2) }]);
});

test("an end before the beginning takes the assignment away, a later one ends it with its index", () => {
  const device = mount(free, 1, 3);
  assert.equal(removedAt(device, at(3)).device.installations, []);
  const { installation } = removedAt(device, at(4), { endIndex: "12.5" });
  assert.is(installation.to, at(4));
  assert.is(installation.endN, 125);
  assert.ok(
    isFault(
      refused(() => removedAt(free, at(4))),
      "not_found",
    ),
  );
});

test("what was told wrongly is told anew, the rest stays", () => {
  const device = installed(free, id(1), {
    communityId: A,
    unitId: HOME,
    from: at(3),
    startIndex: "10.250",
  });
  const { after } = corrected(device, id(1), A, {
    startIndex: "11.5",
    to: at(9),
    endIndex: "20.1234",
  });
  assert.is(after.startN, 115_000);
  assert.is(after.endN, 201_234);
  assert.is(after.scale, -4);
  const again = corrected({ ...device, installations: [after] }, id(1), A, { to: null });
  assert.is(again.after.to, undefined);
  assert.is(again.after.startN, 115_000);
});

test("readings off a counter keep every digit", () => {
  assert.equal(withReadOffs({}, { start: "0.007", end: "12" }), {
    startN: 7,
    endN: 12_000,
    scale: -3,
  });
  assert.is(indexText(7, -3), "0.007");
  assert.is(indexText(12_000, -3), "12.000");
  assert.is(indexText(12, 0), "12");
});

test.run();
