/**
 * Dragino LDS03A (outdoor door sensor), LWL03A (leaks along a rope) and CPL01 (dry contact): a contact, its count, the last
 * duration and a clock. Port 2 now, port 3 what was stored.
 *
 * @see Dragino LDS03A and CPL01 user manuals, "Real-time open/close status", "Historical status"
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId } from "#shared/model/registers.ts";
import type { ByteReader } from "../byte-reader.ts";
import { byPort, clockTime, settings, status, type Message } from "../dragino-frame.ts";
import { exact } from "../exact.ts";

const RECORD = 11;

interface Counts {
  readonly state: RegisterId;
  readonly count: RegisterId;
  readonly time: RegisterId;
}

function record(
  reader: ByteReader,
  heardAt: number,
  { state, count, time: duration }: Counts,
): DecodedReading {
  const flags = reader.u8();
  const times = reader.u24be();
  const minutes = reader.u24be();
  const time = clockTime(reader.u32be(), heardAt);
  const values = [
    exact(state, flags & 1, 0, "none"),
    exact("alarm", (flags >> 1) & 1, 0, "none"),
    exact(count, times, 0, "count"),
    exact(duration, minutes * 60, 0, "s"),
  ];
  return { ...(time === undefined ? {} : { time }), values };
}

const now =
  (counts: Counts): Message =>
  (reader, heardAt) => {
    const reading = record(reader, heardAt, counts);
    reader.end();
    return [reading];
  };

/** Stored records are of use only with their time. */
const stored =
  (counts: Counts): Message =>
  (reader, heardAt) => {
    if (reader.left % RECORD !== 0) reader.fail("holds no whole number of records");
    const readings: DecodedReading[] = [];
    while (reader.left > 0) readings.push(record(reader, heardAt, counts));
    return readings.filter(({ time }) => time !== undefined);
  };

const contact = (name: string, title: string, counts: Counts): Decoder => ({
  model: `dragino/${name}`,
  version: 1,
  title,
  kind: "leak",
  registers: [counts.state, "alarm", counts.count, counts.time, "battery_voltage"],
  decode: byPort(2, { 2: now(counts), 3: stored(counts), 4: settings, 5: status }),
});

export const lds03a = contact("lds03a", "Dragino LDS03A", {
  state: "open",
  count: "open_count",
  time: "open_time",
});
export const lwl03a = contact("lwl03a", "Dragino LWL03A", {
  state: "leak",
  count: "leak_count",
  time: "leak_time",
});
export const cpl01 = contact("cpl01", "Dragino CPL01", {
  state: "open",
  count: "pulses",
  time: "open_time",
});
