/**
 * Milesight EM and TS series: climate, leaks, doors, distance, depth, soil and pulses, indoors and out.
 *
 * @see Milesight EM300, EM310, EM320, EM400, EM410, EM500, TS and WTS Series User Guides,
 *   "Sensor Data", "Alarm" and "Historical Data"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { RegisterId } from "#shared/model/registers.ts";
import { all, earlier, nothing, number, type Channel, type ChannelTable } from "../channels.ts";
import { decimalOf, exact } from "../exact.ts";
import { alarmedTenths, halfPercents, jumpedTenths, state, tenths } from "../milesight-channels.ts";
import { milesight } from "../milesight-decoder.ts";

const FAILED = [0xffff, 0xfffe, 0xfffd];
const distance = number("u16le", "distance", 0, "mm", FAILED);
const radarDistance = number("i16le", "distance", 0, "mm", [-1, -2, -3]);
const distanceAlarm = state("distance_alarm");
const co2 = number("u16le", "co2", 0, "ppm", FAILED);
const pressure = number("u16le", "pressure", -1, "hPa", FAILED);
const moisture = number("u16le", "soil_moisture", -2, "%", FAILED);
const conductivity = number("u16le", "soil_conductivity", 0, "uS/cm", FAILED);
const pipe = number("u16le", "pressure_pipe", 0, "kPa", FAILED);
/** In whole centimetres. */
const level = number("u16le", "level", 1, "mm", FAILED);
const lux = number("u32le", "illuminance", 0, "lux");
const tenthPercents = number("u16le", "humidity", -1, "%", FAILED);

const climate: ChannelTable = { 0x0367: tenths, 0x0468: halfPercents, 0x8367: alarmedTenths };
const two: readonly RegisterId[] = ["temperature", "humidity", "temperature_alarm"];
/** A leak or a door beside the climate; history carries its state in a byte that others leave unused. */
const leaky: ChannelTable = {
  ...climate,
  0x0500: state("leak"),
  0x20ce: earlier(tenths, halfPercents, state("leak")),
};
const swinging: ChannelTable = {
  ...climate,
  0x0600: state("open"),
  0x8600: all(state("open"), state("alarm")),
  0x20ce: earlier(tenths, halfPercents, state("open")),
};

/** What the device made of its pulses by factors set at it: a float, in a unit only the installer knows. */
const counted: Channel = (reader, said) => {
  reader.skip(4);
  const value = decimalOf(reader.f32le(), 7);
  if (value) said.now.set("counted", exact("counted", value.n, value.scale, "none"));
};
const pulseMode: Channel = (reader, said) => {
  const mode = reader.u8();
  const input = reader.u8();
  const pulses = reader.u32le();
  if (mode === 1) said.now.set("input", exact("input", input, 0, "none"));
  if (mode === 2) said.now.set("pulses", exact("pulses", pulses, 0, "count"));
};
const countedMode: Channel = (reader, said) => {
  reader.skip(1); // the alarm that caused it
  const mode = reader.u8();
  const input = reader.u8();
  if (mode === 1) {
    said.now.set("input", exact("input", input, 0, "none"));
    reader.skip(8);
  } else counted(reader, said);
};
const pulseInput: ChannelTable = {
  ...climate,
  0x0500: state("input"),
  0x05c8: number("u32le", "pulses", 0, "count"),
  0x05e1: counted,
  0x8500: all(state("input"), state("alarm")),
  0x85e1: all(counted, state("alarm")),
  0x20ce: earlier(tenths, halfPercents, pulseMode),
  0x21ce: earlier(tenths, halfPercents, countedMode),
};

/** Hundredths of a degree; the lowest bit of a word or a byte of its own says what is beyond its threshold. */
const angles: Channel = (reader, said) => {
  for (const register of ["angle_x", "angle_y", "angle_z"] as const)
    said.now.set(register, exact(register, reader.i16le(), -2, "deg"));
  const beyond = reader.u8();
  for (const [bit, register] of (["tilt_x", "tilt_y", "tilt_z"] as const).entries())
    said.now.set(register, exact(register, (beyond >> bit) & 1, 0, "none"));
};
const markedAngles: Channel = (reader, said) => {
  for (const [angle, tilt] of [
    ["angle_x", "tilt_x"],
    ["angle_y", "tilt_y"],
    ["angle_z", "tilt_z"],
  ] as const) {
    const word = reader.i16le();
    said.now.set(angle, exact(angle, word >> 1, -2, "deg"));
    said.now.set(tilt, exact(tilt, word & 1, 0, "none"));
  }
};

const ranging: ChannelTable = {
  0x0367: tenths,
  0x0482: distance,
  0x0500: state("tilted"),
  0x8367: alarmedTenths,
  0x8482: all(distance, distanceAlarm),
};
const rangingRegisters: readonly RegisterId[] = [
  "temperature",
  "temperature_alarm",
  "distance",
  "distance_alarm",
  "tilted",
];
const radar: ChannelTable = {
  ...ranging,
  0x0482: radarDistance,
  0x06c7: nothing(2), // strength of the echo
  0x8482: all(radarDistance, distanceAlarm),
  0x9482: all(radarDistance, nothing(2), distanceAlarm),
  0xb482: all(radarDistance, nothing(1)),
  0x20ce: earlier(radarDistance, tenths, nothing(3)),
};

const soil: ChannelTable = {
  0x0367: tenths,
  // In halves of a percent in one byte, or in two of which the second is not used; or in hundredths.
  0x0468: [halfMoisture(1), halfMoisture(2)],
  0x04ca: moisture,
  0x057f: conductivity,
  0x83d7: jumpedTenths,
  0x20ce: earlier(conductivity, tenths, moisture),
};
function halfMoisture(size: number): Channel {
  return (reader, said) => {
    said.now.set("soil_moisture", exact("soil_moisture", reader.u8() * 5, -1, "%"));
    reader.skip(size - 1);
  };
}

const weather: ChannelTable = {
  ...climate,
  0x0584: number("u16le", "wind_direction", -1, "deg", FAILED),
  0x0673: pressure,
  0x0792: number("u16le", "wind_speed", -1, "m/s", FAILED),
  0x0877: all(number("u16le", "rain", -2, "mm"), nothing(1)),
  0x08ec: all(number("u32le", "rain", -2, "mm"), nothing(1)),
  0x8673: all(pressure, nothing(1)),
  0x8792: all(number("u16le", "wind_speed", -1, "m/s", FAILED), nothing(1)),
  0x88ec: all(number("u32le", "rain", -2, "mm"), nothing(2)),
  0x20ce: earlier(
    tenths,
    halfPercents,
    pressure,
    number("u16le", "wind_direction", -1, "deg", FAILED),
    number("u16le", "wind_speed", -1, "m/s", FAILED),
    number("u16le", "rain", -2, "mm"),
  ),
  0x21ce: earlier(
    tenths,
    halfPercents,
    pressure,
    number("u16le", "wind_direction", -1, "deg", FAILED),
    number("u16le", "wind_speed", -1, "m/s", FAILED),
    number("u32le", "rain", -2, "mm"),
  ),
};

const probed: ChannelTable = {
  0x0367: tenths,
  0x8367: alarmedTenths,
  0x9367: jumpedTenths,
  0x83d7: jumpedTenths,
  0x93d7: all(tenths, number("i16le", "temperature_change", -2, "K"), state("temperature_alarm")),
  0xb367: nothing(1),
  0x20ce: [earlier(tenths), earlier(nothing(1), tenths)],
};
const probedRegisters: readonly RegisterId[] = [
  "temperature",
  "temperature_alarm",
  "temperature_change",
];

const em300 = (name: string, table: ChannelTable, registers: readonly RegisterId[]): Decoder =>
  milesight(
    name,
    table,
    [...two, "alarm", ...registers],
    name.endsWith("ld") ? "leak" : "temperature",
  );

export const environment: readonly Decoder[] = [
  em300(
    "em300-th",
    {
      ...climate,
      0x0500: state("leak"),
      0x0600: state("open"),
      0x20ce: [earlier(tenths, halfPercents, nothing(1)), earlier(tenths, halfPercents)],
      0x21ce: earlier(tenths, halfPercents),
    },
    ["leak", "open"],
  ),
  em300("em300-mcs", swinging, ["open"]),
  em300("em300-sld", leaky, ["leak"]),
  em300("em300-zld", leaky, ["leak"]),
  em300("em300-mld", { ...leaky, 0x20ce: earlier(nothing(3), state("leak")) }, ["leak"]),
  em300("em300-di", pulseInput, ["input", "pulses", "counted"]),
  milesight(
    "em300-cl",
    { 0x03ed: state("liquid"), 0x04ee: nothing(1), 0x83ed: all(state("liquid"), state("alarm")) },
    ["liquid", "alarm"],
  ),
  milesight("em310-tilt", { 0x03cf: angles }, [
    ...(["angle_x", "angle_y", "angle_z", "tilt_x", "tilt_y", "tilt_z"] as const),
  ]),
  milesight("em310-udl", { 0x0382: distance, 0x0400: state("tilted") }, ["distance", "tilted"]),
  milesight(
    "em320-th",
    {
      ...climate,
      0x0367: number("i16le", "temperature", -1, "C", [-0x7fff, -0x7ffe, -0x7ffd, -1, -3]),
      0x049a: tenthPercents,
      0x056b: nothing(1),
      0x059c: nothing(1),
      0x9367: jumpedTenths,
      0x849a: all(tenthPercents, state("humidity_alarm")),
      0x949a: all(tenthPercents, nothing(2), state("humidity_alarm")),
      0x8468: all(halfPercents, state("humidity_alarm")),
      0x9468: all(halfPercents, nothing(1), state("humidity_alarm")),
      0xb367: nothing(2),
      0xb468: nothing(2),
      0xb49a: nothing(2),
      0x20ce: [earlier(tenths, halfPercents), earlier(tenths, tenthPercents, nothing(1))],
    },
    [...two, "humidity_alarm", "temperature_change"],
  ),
  milesight("em320-tilt", { 0x03d4: markedAngles }, [
    ...(["angle_x", "angle_y", "angle_z", "tilt_x", "tilt_y", "tilt_z"] as const),
  ]),
  milesight("em400-mud", ranging, rangingRegisters),
  milesight("em400-tld", ranging, rangingRegisters),
  milesight("em400-udl", ranging, rangingRegisters),
  milesight("em410-rdl", radar, rangingRegisters),
  milesight("em411-rdl", radar, rangingRegisters),
  milesight(
    "em500-co2",
    {
      ...climate,
      0x057d: co2,
      0x0673: pressure,
      0x83d7: jumpedTenths,
      0x20ce: earlier(co2, pressure, tenths, halfPercents),
    },
    [...two, "temperature_change", "co2", "pressure"],
  ),
  milesight("em500-lgt", { 0x0394: lux, 0x20ce: earlier(lux) }, ["illuminance"]),
  milesight("em500-pp", { 0x037b: pipe, 0x20ce: earlier(pipe) }, ["pressure_pipe"]),
  milesight("em500-pt100", probed, probedRegisters),
  milesight("em500-smt", soil, [...probedRegisters, "soil_moisture", "soil_conductivity"]),
  milesight("em500-smtc", soil, [...probedRegisters, "soil_moisture", "soil_conductivity"]),
  milesight("em500-swl", { 0x0377: level, 0x20ce: earlier(level) }, ["level"]),
  milesight(
    "em500-udl",
    {
      0x0382: distance,
      0x83e9: all(number("u16le", "distance", -1, "mm"), nothing(2), distanceAlarm),
      0x20ce: earlier(distance),
    },
    ["distance", "distance_alarm"],
  ),
  milesight("ts101", probed, probedRegisters),
  milesight("ts201", probed, probedRegisters),
  milesight("ts301", { ...probed, 0x0300: state("open") }, [...probedRegisters, "open"]),
  milesight(
    "ts302",
    {
      ...probed,
      0x0300: state("open"),
      0x0467: number("i16le", "temperature_2", -1, "C", [-1, -3]),
      0x0400: state("open_2"),
      0x8467: all(number("i16le", "temperature_2", -1, "C", [-1, -3]), nothing(1)),
      0x94d7: all(number("i16le", "temperature_2", -1, "C", [-1, -3]), nothing(3)),
    },
    [...probedRegisters, "open", "open_2", "temperature_2"],
  ),
  ...["wts305", "wts505", "wts506"].map((name) =>
    milesight(name, weather, [...two, "wind_direction", "wind_speed", "pressure", "rain"]),
  ),
  // Trackers: what they say of the place they are at; positions are no business of a building's.
  ...["at101", "at101-fh"].map((name) =>
    milesight(
      name,
      {
        0x0367: tenths,
        0x0488: nothing(9),
        0x8488: nothing(9),
        0x0500: state("tilted"),
        0x06d9: nothing(9),
        0x0700: state("tamper"),
        0x089b: nothing(6),
        0x8367: alarmedTenths,
        0x20ce: name === "at101" ? nothing(12) : nothing(18),
      },
      ["temperature", "temperature_alarm", "tilted", "tamper"],
    ),
  ),
];
