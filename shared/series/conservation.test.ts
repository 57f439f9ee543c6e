import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { DailyCountDoc } from "#shared/model/events/daily-count.ts";
import type { Epoch, WriterId } from "#shared/model/ids.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { keptUplink, METER } from "#shared/testing/kept-uplinks.ts";
import { conservation } from "./conservation.ts";
import { packSegment } from "./segment.ts";

const test = suite("conservation");
const WRITER = "gw-00112233445566aa" as WriterId;
const EPOCH = "00000001-0123456789abcdef" as Epoch;
const START = Date.UTC(2026, 10, 26, 6);

/** Five segments of ten uplinks. */
function chain(): SegmentDoc[] {
  const segments: SegmentDoc[] = [];
  for (let seq = 0; seq < 5; seq++) {
    const before = segments.at(-1);
    const uplinks = Array.from({ length: 10 }, (_, i) =>
      keptUplink(START + (seq * 10 + i) * 60_000, seq * 10 + i),
    );
    segments.push(
      packSegment(
        {
          writer: WRITER,
          epoch: EPOCH,
          seq,
          prev: before ? { id: before._id, digest: before.digest } : null,
          before: seq * 10,
          inbox: { from: seq * 10 + 1, to: seq * 10 + 10 },
          day: "20261126",
        },
        uplinks,
      ),
    );
  }
  return segments;
}
const counted = (count: number): DailyCountDoc => ({
  _id: `e:${WRITER}:count:20261126:1`,
  type: "count",
  v: 1,
  writer: WRITER,
  day: "20261126",
  inbox: { from: 1, to: count },
  count,
  devices: { [METER]: count },
});
const devices = Array.from({ length: 10 }, () => METER as string);
const judged = (segments: readonly SegmentDoc[], count?: DailyCountDoc) => {
  const held = conservation();
  for (const segment of segments) held.take(segment, devices);
  for (const segment of segments) held.take(segment, devices);
  if (count) held.takeCount(count);
  const [verdict] = held.verdicts();
  if (!verdict) throw new Error("no verdict");
  return verdict;
};

test("a chain that is all here agrees with its writer's counts, in any order, however often it comes", () => {
  const { holes, forks, uplinks, days } = judged(chain().toReversed(), counted(50));
  assert.equal([holes, forks, uplinks], [[], [], 50]);
  assert.equal(
    days.map(({ day, state, held }) => [day, state, held]),
    [["20261126", "agrees", 50]],
  );
});

test("a day that is not over is open", () => {
  assert.equal(
    judged(chain()).days.map(({ state, counted: said }) => [state, said]),
    [["open", null]],
  );
});

test("counts that came before their last segments leave the day open", () => {
  assert.is(judged(chain().slice(0, 4), counted(50)).days[0]?.state, "open");
});

test("a segment that is missing is a hole, and the day says how many of which device", () => {
  const all = chain();
  const [verdict] = [
    judged(
      all.filter(({ seq }) => seq !== 2),
      counted(50),
    ),
  ];
  assert.equal(verdict.holes, [{ after: all[1]?._id, before: all[3]?._id }]);
  assert.equal(verdict.days[0]?.devices, [{ deviceId: METER, counted: 50, held: 40 }]);
  assert.is(verdict.days[0]?.state, "differs");
});

test("months that were dropped are no hole", () => {
  const verdict = judged(chain().slice(2));
  assert.equal([verdict.holes, verdict.before], [[], 20]);
  const counts = { ...counted(10), day: "20261025", inbox: { from: 1, to: 10 } };
  assert.equal(judged(chain().slice(2), counts).days.length, 1, "nor are their days");
});

test("segments that come when the rest of their month is history make no hole, and one that is nowhere does", () => {
  const all = chain();
  const [late, newest] = [all[1], all[4]] as [SegmentDoc, SegmentDoc];
  const held = conservation();
  for (const segment of [newest, late]) held.take(segment, devices);
  held.takeCount(counted(50));
  const history = new Set([0, 2, 3].map((seq) => all[seq]?._id));
  const [verdict] = held.verdicts((id) => history.has(id));
  assert.equal([verdict?.holes, verdict?.days], [[], []], "of that day some are history");
  history.delete(all[3]?._id);
  const [open] = held.verdicts((id) => history.has(id));
  assert.equal(open?.holes, [{ after: late._id, before: newest._id }]);
});

test("of a day whose first segments were dropped with their month nothing is compared", () => {
  assert.equal(judged(chain().slice(2), counted(50)).days, []);
});

test("two that follow the same one are a fork", () => {
  const all = chain();
  const third = all[2] as SegmentDoc;
  const other = "00000002-0123456789abcdef" as Epoch;
  const copy = { ...third, _id: `s:${WRITER}:${other}:00000000`, epoch: other, seq: 0 };
  assert.equal(judged([...all, copy]).forks, [all[1]?._id]);
});

test("one whose content was changed is told, and one that follows another content is a hole", () => {
  const all = chain();
  const held = conservation();
  for (const segment of all) held.take(segment, segment.seq === 1 ? undefined : devices);
  assert.equal(held.verdicts()[0]?.damaged, [all[1]?._id]);
  const changed = all.map((one) => (one.seq === 1 ? { ...one, digest: "x".repeat(43) } : one));
  assert.equal(
    judged(changed).holes.map(({ before }) => before),
    [all[2]?._id],
  );
});

test.run();
