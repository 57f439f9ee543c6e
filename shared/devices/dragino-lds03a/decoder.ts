/**
 * Dragino LDS03A and DS03A-LB (outdoor door sensors), LWL03A and WL03A-LB (leaks along a rope), CPL01 and CPL03-LB (dry
 * contacts): a contact, its count, the last duration and a clock. Port 2 now, port 3 what was stored.
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

export const wl03aLb = contact("wl03a-lb", "Dragino WL03A-LB", {
  state: "leak",
  count: "leak_count",
  time: "leak_time",
});

const OF_TWO_DOORS = 18;
const door: Counts = { state: "open", count: "open_count", time: "open_time" };

/** The first door as its forerunner has it; then perhaps a second. */
const doors: Message = (reader, heardAt) => {
  const hasTwo = reader.left === OF_TWO_DOORS;
  const first = record(reader, heardAt, door);
  if (!hasTwo) {
    reader.end();
    return [first];
  }
  const flags = reader.u8();
  const second = [
    exact("open_2", flags & 1, 0, "none"),
    exact("alarm_2", (flags >> 1) & 1, 0, "none"),
    exact("open_count_2", reader.u24be(), 0, "count"),
    exact("open_time_2", reader.u24be() * 60, 0, "s"),
  ];
  return [{ ...first, values: [...first.values, ...second] }];
};

export const ds03aLb: Decoder = {
  model: "dragino/ds03a-lb",
  version: 1,
  title: "Dragino DS03A-LB",
  kind: "leak",
  registers: [
    ...(["open", "alarm", "open_count", "open_time", "battery_voltage"] as const),
    ...(["open_2", "alarm_2", "open_count_2", "open_time_2"] as const),
  ],
  decode: byPort(2, { 2: doors, 3: stored(door), 4: settings, 5: status }),
};

const IS_THREE = 0x08;
const IS_PART = 0x20;
const dry: Counts = { state: "open", count: "pulses", time: "open_time" };

/** Three contacts, counted since they were set up; what is counted since the last message is no index. */
const threeCounts: Message = (reader) => {
  const isPart = (reader.u8() & IS_PART) !== 0;
  const pulses = [
    exact("pulses", reader.u24be(), 0, "count"),
    exact("pulses_2", reader.u24be(), 0, "count"),
    exact("pulses_3", reader.u24be(), 0, "count"),
  ];
  const alarms = exact("alarm", reader.u8() & 7, 0, "none");
  reader.end();
  return isPart ? [alarms] : [...pulses, alarms];
};
const oneOrThree: Message = (reader, heardAt) =>
  (reader.peek() ?? 0) & IS_THREE ? threeCounts(reader, heardAt) : now(dry)(reader, heardAt);

/** How the three contacts stand, and which of them just moved. */
const contacts: Message = (reader) => {
  const bits = reader.u8();
  reader.end();
  const isOpen = (place: number) => ((bits >> place) & 1) ^ 1;
  const moved = (place: number) => (bits >> (place + 1)) & 1;
  return [
    exact("open", isOpen(0), 0, "none"),
    exact("open_2", isOpen(2), 0, "none"),
    exact("open_3", isOpen(4), 0, "none"),
    exact("alarm", moved(0) | (moved(2) << 1) | (moved(4) << 2), 0, "none"),
  ];
};

export const cpl03Lb: Decoder = {
  model: "dragino/cpl03-lb",
  version: 1,
  title: "Dragino CPL03-LB",
  kind: "leak",
  registers: [
    ...(["open", "alarm", "pulses", "pulses_2", "pulses_3"] as const),
    ...(["open_time", "open_2", "open_3", "battery_voltage"] as const),
  ],
  decode: byPort(2, { 2: oneOrThree, 3: settings, 4: settings, 5: status, 7: contacts }),
};
