import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Epoch, WriterId } from "#shared/model/ids.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { packSegment } from "#shared/series/segment.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import { uplinkKey } from "./power-cut-traffic.ts";
import { verdict } from "./power-cut-verdict.ts";

const test = suite("power-cut-verdict");
const WRITER = "gw-00112233445566aa" as WriterId;
const EPOCH = "00000001-0123456789abcdef" as Epoch;
const UPLINKS = Array.from({ length: 6 }, (_, i) =>
  keptUplink(Date.UTC(2026, 10, 23, 12, i), i + 1),
);
const KEYS = UPLINKS.map(({ deviceId, fCnt, payload }) => uplinkKey(deviceId, fCnt, payload));

/** Two uplinks each, in a chain. */
function chainOf(pairs: number): SegmentDoc[] {
  const chain: SegmentDoc[] = [];
  for (let seq = 0; seq < pairs; seq++) {
    const prev = chain.at(-1);
    const place = {
      writer: WRITER,
      epoch: EPOCH,
      seq,
      prev: prev ? { id: prev._id, digest: prev.digest } : null,
      before: seq * 2,
      inbox: { from: seq * 2 + 1, to: seq * 2 + 2 },
    };
    chain.push(packSegment(place, UPLINKS.slice(seq * 2, seq * 2 + 2)));
  }
  return chain;
}
const said = { sent: new Set(KEYS), acknowledged: KEYS };
const nothing = { lost: [], doubled: [], wrong: [] };

test("what lies in the inbox or in segments is safe; after sealing only segments count", () => {
  const held = { inbox: KEYS.slice(3), segments: chainOf(2) };
  assert.equal(verdict(held, said, false), nothing);
  assert.equal(verdict(held, said, true).lost, KEYS.slice(4));
  assert.equal(verdict({ inbox: KEYS, segments: chainOf(3) }, said, true), nothing);
});

test("an acknowledged uplink that is nowhere is lost, one that got no answer is not", () => {
  const held = { inbox: KEYS.slice(0, 4), segments: [] };
  assert.equal(verdict(held, said, false).lost, KEYS.slice(4));
  const half = { sent: new Set(KEYS), acknowledged: KEYS.slice(0, 4) };
  assert.equal(verdict(held, half, false), nothing);
});

test("an uplink that was taken for another session's is doubled", () => {
  const { inbox, segments } = { inbox: [...KEYS, KEYS[0] as string], segments: chainOf(3) };
  assert.equal(verdict({ inbox, segments }, said, true).doubled, [KEYS[0]]);
});

test("a segment sealed again after a cut is doubled, and breaks the chain", () => {
  const again = packSegment(
    { ...(chainOf(1)[0] as SegmentDoc), epoch: "00000002-0123456789abcdef" as Epoch },
    UPLINKS.slice(0, 2),
  );
  const found = verdict({ inbox: KEYS, segments: [...chainOf(3), again] }, said, true);
  assert.equal(found.doubled, KEYS.slice(0, 2));
  assert.is(
    found.wrong.length,
    3,
    "follows another one, counts on from another, overlaps in the inbox",
  );
});

test("a hole in the chain and an uplink that nobody sent are told", () => {
  const [first, , third] = chainOf(3) as [SegmentDoc, SegmentDoc, SegmentDoc];
  const hole = verdict({ inbox: KEYS, segments: [first, third] }, said, false);
  assert.equal(hole.lost, []);
  assert.match(hole.wrong.join("\n"), /seq 2, expected 1/);
  const strange = verdict({ inbox: ["x"], segments: [] }, { ...said, acknowledged: [] }, false);
  assert.equal(strange.wrong, ["never sent: x"]);
});

test.run();
