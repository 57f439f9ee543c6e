import { randomBytes } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, type Loose } from "#cloud/hub-stand.ts";
import { DeviceId, newId, type OrganizationId, type PersonId } from "#shared/model/ids.ts";
import { parseLoadFile, type LoadCommunity } from "./load-file.ts";
import { merge, type Masters, type MergeContext } from "./merge.ts";

const NOTHING: Masters = {
  community: undefined,
  buildings: [],
  units: [],
  residents: [],
  devices: [],
};
const context: MergeContext = {
  organizationId: newId<OrganizationId>("o", randomBytes),
  communityId: undefined,
  random: randomBytes,
  nowMs: Date.parse("2026-11-01T00:00:00Z"),
  personFor: (_resident, { known }) => known ?? newId<PersonId>("p", randomBytes),
};

function fileOf(change: (community: Loose) => void = () => {}): LoadCommunity {
  const file = loadExample("river");
  change(file.communities[0]);
  return parseLoadFile(file).communities[0] as LoadCommunity;
}

function loaded(): Masters {
  const { wrong, ...masters } = merge(fileOf(), NOTHING, context);
  assert.equal(wrong, []);
  return masters;
}

/** What was loaded, with everything that pages and calls have added since. */
function livedIn(): Masters {
  const { community, buildings, units, residents, devices } = loaded();
  const moved = "2026-09-15T10:00:00.000Z";
  const [first] = units as Loose;
  return {
    community: { ...(community as Loose), externalId: "C-7" },
    buildings: buildings.map((one) => ({ ...one, address: "Calle 1", externalId: "B-1" })),
    units: units.map((one) => ({
      ...one,
      buildingId: (buildings[0] as Loose).buildingId,
      floor: "2",
      externalId: `U-${one.name}`,
      tenancies: one.tenancies.map((tenancy, i) =>
        i === 1
          ? { ...tenancy, to: moved }
          : i === 2
            ? { ...tenancy, to: moved, partOf: first.tenancies[1].tenancyId }
            : tenancy,
      ),
      moves: [
        {
          moveId: "v-1",
          at: moved,
          out: one.tenancies.map(({ tenancyId }) => tenancyId),
          in: [],
          indexes: [{ deviceId: DeviceId.parse(devEui("river", 1)), n: 98_765, scale: -3 }],
          notedAt: moved,
        },
      ],
    })),
    residents: residents.map((one) => ({
      ...one,
      hoursAgreedAt: moved,
      externalId: `R-${one.ref}`,
      invitedBy: (residents[0] as Loose).residentId,
      code: { finder: "AAAA", secretHash: "hash", createdAt: moved },
    })),
    devices: devices.map((one) => ({
      ...one,
      notes: "behind the boiler",
      externalId: `D-${one.name}`,
      keysAt: moved,
      installations: one.installations.map((at) => ({ ...at, to: moved })),
    })),
  };
}

const test = suite("loading over a community");

test("what a file does not name stays as it is: floors, external ids, moves, ends, consents", () => {
  const before = livedIn();
  const { wrong, ...after } = merge(fileOf(), before, context);
  assert.equal(wrong, []);
  assert.equal(after, before);
});

test("what a file names is changed, and nothing beside it", () => {
  const before = livedIn();
  const after = merge(
    fileOf(({ buildings, units }) => {
      buildings.push({ name: "South" });
      units[1].building = "South";
      units[0].tenancies[1].to = "2026-10-01T00:00:00Z";
    }),
    before,
    context,
  );
  assert.equal(after.wrong, []);
  const south = after.buildings[1] as Loose;
  const [first, second] = before.units as Loose;
  const [ana, ben, cleo] = first.tenancies;
  const to = "2026-10-01T00:00:00.000Z";
  // Cleo is of Ben's household: hers follows his.
  assert.equal(after.units, [
    { ...first, tenancies: [ana, { ...ben, to }, { ...cleo, to }] },
    { ...second, buildingId: south.buildingId },
  ]);
  assert.equal(after.residents, before.residents);
});

test("of homes called the same in two buildings the one in the file's building is meant", () => {
  const before = loaded();
  const [first, second] = before.units as Loose;
  const twin = { ...second, unitId: "u-0000000000000000", name: first.name };
  const { units, wrong } = merge(fileOf(), { ...before, units: [first, second, twin] }, context);
  assert.equal([wrong, units], [[], before.units]);

  // "1B" is in no building in the file: with two of them elsewhere nobody knows which is meant.
  const elsewhere = ["b-0000000000000000", "b-1111111111111111"].map((buildingId) => ({
    ...second,
    unitId: `u-${buildingId.slice(2)}`,
    buildingId,
  }));
  const ambiguous = { ...before, units: [first, ...elsewhere], devices: [] };
  assert.equal(merge(fileOf(), ambiguous, context).wrong, [
    'units[1].building: there are 2 homes called "1B" here, in different buildings',
  ]);
});

test("a tenancy whose begin was corrected here is not given a second time by an older file", () => {
  const before = loaded();
  const [first, second] = before.units as Loose;
  const [ana, ben, cleo] = first.tenancies;
  const corrected = { ...ben, from: "2026-03-05T00:00:00.000Z" };
  const units = [{ ...first, tenancies: [ana, corrected, cleo] }, second];
  assert.equal(merge(fileOf(), { ...before, units }, context).wrong, [
    'units[0]: a tenancy from 2026-03-05T00:00:00.000Z overlaps the one of "ben" from 2026-02-28T23:00:00.000Z',
  ]);
});

test.run();
