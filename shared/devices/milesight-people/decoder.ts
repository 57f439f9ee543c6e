/**
 * Milesight VS series: who is in a room and who went through a door. People are counted, never named.
 *
 * @see Milesight VS Series User Guides, "Sensor Data" and "Historical Data"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { RegisterId } from "#shared/model/registers.ts";
import { all, earlier, nothing, number, type Channel, type ChannelTable } from "../channels.ts";
import { exact } from "../exact.ts";
import { alarmedTenths, halfPercents, state, tenths } from "../milesight-channels.ts";
import { milesight } from "../milesight-decoder.ts";

const lines = [
  { in: "people_in", out: "people_out", inNow: "people_in_period", outNow: "people_out_period" },
  {
    in: "people_in_2",
    out: "people_out_2",
    inNow: "people_in_period_2",
    outNow: "people_out_period_2",
  },
  {
    in: "people_in_3",
    out: "people_out_3",
    inNow: "people_in_period_3",
    outNow: "people_out_period_3",
  },
  {
    in: "people_in_4",
    out: "people_out_4",
    inNow: "people_in_period_4",
    outNow: "people_out_period_4",
  },
] as const;
const areas = ["people_area", "people_area_2", "people_area_3", "people_area_4"] as const;

const period = ({ inNow, outNow }: (typeof lines)[number]) =>
  all(number("u16le", inNow, 0, "count"), number("u16le", outNow, 0, "count"));
const [door] = lines;
const total16 = all(
  number("u16le", "people_in", 0, "count"),
  number("u16le", "people_out", 0, "count"),
);
const inAreas = all(...areas.map((area) => number("u8", area, 0, "count")));

/** Up to four lines, each with three channels; children, where told apart, are in the totals. */
const lineChannels: Record<number, Channel> = {};
/** What history says, by the channel it is of. */
const past: Record<number, Channel> = { 0x0f: inAreas, 0x10: nothing(3), 0x20: nothing(3) };
for (const [place, line] of lines.entries()) {
  const first = 0x03 + 3 * place;
  const child = 0x11 + 3 * place;
  lineChannels[(first << 8) | 0xd2] = number("u32le", line.in, 0, "count");
  lineChannels[((first + 1) << 8) | 0xd2] = number("u32le", line.out, 0, "count");
  lineChannels[((first + 2) << 8) | 0xcc] = period(line);
  lineChannels[(child << 8) | 0xd2] = nothing(4);
  lineChannels[((child + 1) << 8) | 0xd2] = nothing(4);
  lineChannels[((child + 2) << 8) | 0xcc] = nothing(4);
  past[first] = number("u32le", line.in, 0, "count");
  past[first + 1] = number("u32le", line.out, 0, "count");
  past[first + 2] = period(line);
  for (const place of [child, child + 1, child + 2]) past[place] = nothing(4);
}
past[0x1d] = nothing(4);
past[0x1e] = nothing(3);
past[0x3c] = nothing(3);

const ofLine: Channel = (reader, said) => {
  const channel = reader.u8();
  const read = past[channel] ?? reader.fail(`has history of an unknown channel ${channel}`);
  read(reader, said);
};
const counting: ChannelTable = {
  ...lineChannels,
  0x0fe3: inAreas,
  0x10e4: nothing(5), // how long people stay
  0x1de3: nothing(4),
  0x1ee4: nothing(5),
  0x50fc: nothing(3),
  0x20ce: earlier(ofLine),
};
const counts: readonly RegisterId[] = lines.flatMap((line) => Object.values(line));

/** History of a door: of the period, with the totals where its first byte says so. */
const doorPast: Channel = (reader, said) => {
  const hasTotals = reader.u8() === 1;
  period(door)(reader, said);
  if (hasTotals) total16(reader, said);
};
const doorway: ChannelTable = {
  0x0367: tenths,
  0x04cc: total16,
  0x05cc: period(door),
  0x0aef: nothing(4), // the device's time
  0x8367: alarmedTenths,
  0x84cc: all(total16, state("people_alarm")),
  0x85cc: all(period(door), state("people_alarm")),
  0xffcc: nothing(1), // fed by battery or mains
  0x20ce: earlier(doorPast),
};
const doorRegisters: readonly RegisterId[] = [
  ...Object.values(door),
  "temperature",
  "temperature_alarm",
  "people_alarm",
];
/** Which of ten areas are watched, and which of these are occupied. */
const occupiedAreas: Channel = (reader, said) => {
  const watched = reader.u16le();
  said.now.set("occupied_areas", exact("occupied_areas", reader.u16le() & watched, 0, "none"));
};
const seatsPast: Channel = (reader, said) => {
  if (reader.u8() === 0) number("u16le", "people", 0, "count")(reader, said);
  else occupiedAreas(reader, said);
};
/** All people, how many areas there are, and which of these are occupied (highest byte first). */
const peopleInAreas: Channel = (reader, said) => {
  said.now.set("people", exact("people", reader.u8(), 0, "count"));
  reader.skip(1);
  said.now.set("occupied_areas", exact("occupied_areas", reader.u16be(), 0, "none"));
};

/** One byte for each of four areas, from older firmware: 0 when somebody is in it. */
const fourAreas: Channel = (reader, said) => {
  let bits = 0;
  for (let area = 0; area < 4; area++) if (reader.u8() !== 1) bits |= 1 << area;
  said.now.set("occupied_areas", exact("occupied_areas", bits, 0, "none"));
};
/** How many areas there are, then a bit for each. */
const manyAreas: Channel = (reader, said) => {
  reader.skip(1);
  said.now.set("occupied_areas", exact("occupied_areas", reader.u32le(), 0, "none"));
};

const vs = (name: string, table: ChannelTable, registers: readonly RegisterId[]): Decoder =>
  milesight(name, table, registers);

export const people: readonly Decoder[] = [
  vs(
    "vs121",
    {
      0x04c9: peopleInAreas,
      0x05cc: period(door),
      0x06cd: nothing(1),
      0x07d5: all(inAreas, nothing(4)),
      0x08d5: nothing(8),
      0x09da: nothing(8),
      0x0ada: nothing(8),
      0x0bda: nothing(8),
      0x0cda: nothing(8),
      0x0dcc: total16,
      0x0ee4: nothing(5),
      0x0f85: nothing(4),
      0x10f7: nothing(4),
    },
    ["people", "occupied_areas", ...Object.values(door), ...areas],
  ),
  ...["vs132", "vs133", "vs135"].map((name) => vs(name, counting, [...counts, ...areas])),
  vs(
    "vs321",
    {
      0x0367: tenths,
      0x0468: halfPercents,
      0x05fd: number("u16le", "people", 0, "count"),
      0x06fe: occupiedAreas,
      0x07ff: state("light"),
      0x08f4: nothing(2), // whether it can see
      0x0aef: nothing(4),
      0x8367: alarmedTenths,
      0x8468: all(halfPercents, state("humidity_alarm")),
      0x20ce: earlier(seatsPast),
    },
    [
      "temperature",
      "humidity",
      "people",
      "occupied_areas",
      "light",
      "temperature_alarm",
      "humidity_alarm",
    ],
  ),
  vs(
    "vs330",
    { 0x0282: number("u16le", "distance", 0, "mm"), 0x038e: state("occupied"), 0x048e: nothing(1) },
    ["distance", "occupied"],
  ),
  vs("vs340", { 0x0300: state("occupied") }, ["occupied"]),
  vs("vs341", { 0x0300: state("occupied") }, ["occupied"]),
  vs("vs350", doorway, doorRegisters),
  vs("vs351", doorway, doorRegisters),
  vs("vs360", { ...doorway, 0x0275: nothing(1), 0x03f4: nothing(2) }, doorRegisters),
  vs("vs370", { 0x0300: state("occupied"), 0x0400: number("u8", "light", 0, "none", [0xfe]) }, [
    "occupied",
    "light",
  ]),
  vs(
    "vs373",
    {
      0x03f8: nothing(6), // whether somebody lies there, and for how long
      0x04f9: fourAreas,
      0x05fa: nothing(8),
      0x06fb: nothing(5), // an alarm: the maker's application tells them apart
      0x07b0: nothing(8),
      0x08b1: nothing(3),
      0x09b2: nothing(6),
      0x0ab3: manyAreas,
      0x0bb4: nothing(9),
      0x0cb4: nothing(9),
      0x20ce: nothing(9),
    },
    ["occupied_areas"],
  ),
];
