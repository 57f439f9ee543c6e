import { suite } from "uvu";
import * as assert from "uvu/assert";
import fc from "fast-check";
import { isFault } from "#shared/model/fault.ts";
import type { DeviceId, Epoch, WriterId } from "#shared/model/ids.ts";
import { SegmentDoc } from "#shared/model/segment.ts";
import { keptUplink, METER } from "#shared/testing/kept-uplinks.ts";
import { packSegment, unpackSegment } from "./segment.ts";

const test = suite("segment");
const place = {
  writer: "gw-00112233445566aa" as WriterId,
  epoch: "00000001-0123456789abcdef" as Epoch,
  seq: 0,
  prev: null,
  before: 0,
  inbox: { from: 1, to: 200 },
};
const START = Date.UTC(2026, 10, 1);

test("what is packed comes out the same, and its document is of the right shape", () => {
  const uplinks = Array.from({ length: 200 }, (_, i) =>
    keptUplink(
      START + i * 60_000,
      1000 + i,
      i % 3 === 0
        ? { deviceId: "x-plug.1" as DeviceId, session: null, fCnt: null, radio: null }
        : {},
    ),
  );
  const doc = packSegment(place, uplinks);
  assert.ok(SegmentDoc.safeParse(doc).success);
  assert.equal(unpackSegment(doc), uplinks);
});

test("any uplinks come out as they went in", () => {
  const plain = { noNullPrototype: true };
  const value = fc.record(
    {
      register: fc.constantFrom("8-0:1.0.0" as const, "temperature" as const, "battery" as const),
      n: fc.maxSafeInteger(),
      scale: fc.integer({ min: -12, max: 12 }),
      unit: fc.constantFrom("m3" as const, "C" as const, "%" as const),
    },
    plain,
  );
  const uplink = fc.record(
    {
      time: fc.integer({ min: 0, max: 4e12 }),
      heardAt: fc.integer({ min: 0, max: 4e12 }),
      payload: fc.uint8Array({ maxLength: 242 }),
      fCnt: fc.option(fc.integer({ min: 0, max: 0xffffffff })),
      fPort: fc.option(fc.integer({ min: 1, max: 255 })),
      session: fc.option(fc.string()),
      undecoded: fc.option(fc.string()),
      readings: fc.array(
        fc.record(
          { time: fc.integer({ min: 0, max: 4e12 }), values: fc.array(value, { maxLength: 4 }) },
          plain,
        ),
        { maxLength: 3 },
      ),
    },
    plain,
  );
  fc.assert(
    fc.property(fc.array(uplink, { minLength: 1, maxLength: 30 }), (wanted) => {
      const uplinks = wanted.map((one) => keptUplink(one.time, 0, one));
      const back = unpackSegment(packSegment(place, uplinks));
      assert.equal(
        back.map((one) => ({ ...one })),
        uplinks.map((one) => ({ ...one })),
      );
    }),
    { numRuns: 100 },
  );
});

test("a full segment of 20-byte payloads takes no more than 45 bytes an uplink", () => {
  const uplinks = Array.from({ length: 200 }, (_, i) => {
    const payload = new Uint8Array(20);
    new DataView(payload.buffer).setUint32(4, 100_000 + i * 7);
    return keptUplink(START + i * 18_000 + (i % 7), 100_000 + i * 7, {
      payload,
      deviceId: `70b3d57ed00000${(i % 160).toString(16).padStart(2, "0")}` as DeviceId,
      fCnt: 4000 + i,
    });
  });
  const perUplink = JSON.stringify(packSegment(place, uplinks)).length / 200;
  assert.ok(perUplink <= 45, `${perUplink} bytes`);
});

test("a damaged segment is refused, whatever is damaged", () => {
  const doc = packSegment(place, [keptUplink(START, 1), keptUplink(START + 60_000, 2)]);
  const text = Buffer.from(doc.columns, "base64");
  for (let i = 0; i < text.length; i++) {
    const bytes = Buffer.from(text);
    bytes[i] = (bytes[i] as number) ^ 0x41;
    const damaged = { ...doc, columns: bytes.toString("base64") };
    try {
      // Deflate may read a changed byte as another way to say the same: then it must be the same.
      const same = unpackSegment(damaged);
      assert.equal(
        same.map(({ identity }) => identity),
        unpackSegment(doc).map(({ identity }) => identity),
      );
    } catch (error) {
      assert.ok(isFault(error, "invalid"), String(error));
    }
  }
  assert.throws(
    () => unpackSegment({ ...doc, columns: "" }),
    (error: unknown) => isFault(error, "invalid"),
  );
  assert.throws(
    () => unpackSegment({ ...doc, count: 1 }),
    (error: unknown) => isFault(error, "invalid"),
  );
});

test("a segment is never empty and never holds more than 200", () => {
  assert.throws(() => packSegment(place, []), /1 to 200/);
  assert.throws(
    () =>
      packSegment(
        place,
        Array.from({ length: 201 }, (_, i) => keptUplink(START + i, i)),
      ),
    /1 to 200/,
  );
});

test("the device stands in every identity", () => {
  assert.ok(keptUplink(START, 1).identity.startsWith(METER));
});

test.run();
