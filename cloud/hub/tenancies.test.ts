import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import type { UnitDoc } from "./hub.ts";
import { ended, livingIn, withTenancy, withoutTenancy, type Tenancy } from "./tenancies.ts";

const test = suite("tenancies");

const day = (n: number) => `2026-01-${String(n).padStart(2, "0")}T00:00:00.000Z`;
const tenancy = (id: string, who: string, from: number, to?: number) =>
  ({
    tenancyId: id,
    residentId: who,
    from: day(from),
    ...(to === undefined ? {} : { to: day(to) }),
  }) as Tenancy;
const home = (...tenancies: Tenancy[]) => ({ name: "1A", tenancies }) as unknown as UnitDoc;

test("a couple may live together, and somebody may come back", () => {
  const unit = withTenancy(home(tenancy("t1", "ana", 1, 10)), tenancy("t2", "ben", 5));
  const back = withTenancy(unit, tenancy("t3", "ana", 10));
  assert.equal(
    back.tenancies.map(({ tenancyId }) => tenancyId),
    ["t1", "t2", "t3"],
  );
  assert.equal(
    livingIn(back, day(10)).map(({ tenancyId }) => tenancyId),
    ["t2", "t3"],
  );
});

test("one person lives once in a home: whatever overlaps is refused and named", () => {
  const unit = home(tenancy("t1", "ana", 5, 10));
  for (const [from, to] of [
    [1, 6],
    [9, 12],
    [6, 7],
    [1, undefined],
    [5, 10],
  ] as const)
    try {
      withTenancy(unit, tenancy("t2", "ana", from, to));
      assert.unreachable(`${from}–${to}`);
    } catch (error) {
      assert.ok(isFault(error, "conflict"), String(error));
      assert.match(error.message, "t1");
    }
  assert.is(withTenancy(unit, tenancy("t2", "ana", 1, 5)).tenancies.length, 2);
});

test("two records of one person count as one", () => {
  const whoIs = (id: string) => (id === "ana-2" ? "ana" : id);
  assert.throws(
    () => withTenancy(home(tenancy("t1", "ana", 1)), tenancy("t2", "ana-2", 5), whoIs),
    (error: unknown) => isFault(error, "conflict"),
  );
});

test("an end is after the begin, and said once", () => {
  const unit = home(tenancy("t1", "ana", 5));
  const id = "t1" as Tenancy["tenancyId"];
  assert.throws(
    () => ended(unit, id, day(5)),
    (error: unknown) => isFault(error, "invalid"),
  );
  const over = ended(unit, id, day(9));
  assert.is(over.tenancies[0]?.to, day(9));
  assert.throws(
    () => ended(over, id, day(12)),
    (error: unknown) => isFault(error, "conflict"),
  );
  assert.equal(withoutTenancy(over, id).tenancies, []);
});

const of = (host: string, one: Tenancy) => ({ ...one, partOf: host }) as Tenancy;
const times = ({ tenancies }: UnitDoc) =>
  tenancies.map(
    ({ tenancyId, from, to }) => `${tenancyId} ${from.slice(8, 10)}-${to?.slice(8, 10) ?? ""}`,
  );

test("a household's tenancies follow the one they hang on, up to an end of their own", () => {
  const id = "t1" as Tenancy["tenancyId"];
  const unit = withTenancy(home(tenancy("t1", "ana", 5)), of("t1", tenancy("t2", "pat", 9)));
  assert.equal(times(unit), ["t1 05-", "t2 05-"], "they see the same");
  assert.equal(times(ended(unit, id, day(20))), ["t1 05-20", "t2 05-20"]);
  const left = ended(unit, "t2" as Tenancy["tenancyId"], day(10));
  assert.equal(times(ended(left, id, day(20))), ["t1 05-20", "t2 05-10"]);
  assert.equal(times(ended(left, id, day(8))), ["t1 05-08", "t2 05-08"]);
  const later = withTenancy(left, tenancy("t1", "ana", 12));
  assert.equal(times(later), ["t1 12-"], "what would be over before it began never was");
  assert.equal(times(withTenancy(unit, tenancy("t1", "zoe", 5))), ["t1 05-"], "somebody else's");
  assert.equal(withoutTenancy(unit, id).tenancies, []);
});

test.run();
