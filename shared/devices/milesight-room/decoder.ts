/**
 * Milesight WS, GS and WT series: what is mounted in rooms: movement, doors, leaks, gas, sound,
 * switches and radiator valves. The sockets that count energy stand in `milesight-ws52x`.
 *
 * @see Milesight WS, GS and WT Series User Guides, "Sensor Data"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { all, earlier, nothing, number, type Channel } from "../channels.ts";
import { exact } from "../exact.ts";
import { alarmedTenths, halfPercents, state, tenths } from "../milesight-channels.ts";
import { milesight } from "../milesight-decoder.ts";

const NOT_READ = [0xffff, 0xfffe];
/** The circuits of a light switch as bits; the higher four say which of them changed. */
const circuits: Channel = (reader, said) => {
  said.now.set("on", exact("on", reader.u8() & 0x0f, 0, "none"));
};
const lightSwitch = (name: string): Decoder =>
  milesight(name, { 0xff29: circuits, 0xff2b: nothing(1) }, ["on"], "electricity");
/** Bit 0 of what follows a gas alarm: raised, or gone again. */
const gasEvent: Channel = (reader, said) => {
  said.now.set("alarm", exact("alarm", reader.u8(), 0, "none"));
};

export const room: readonly Decoder[] = [
  milesight(
    "ws201",
    { 0x0382: number("u16le", "distance", 0, "mm"), 0x04d6: number("u8", "fill", 0, "%") },
    ["distance", "fill"],
  ),
  milesight("ws202", { 0x0300: state("motion"), 0x0400: state("light") }, ["motion", "light"]),
  milesight(
    "ws203",
    {
      0x0367: tenths,
      0x0468: halfPercents,
      0x0500: state("occupied"),
      0x8367: alarmedTenths,
      0x20ce: earlier(nothing(1), state("occupied"), tenths, halfPercents),
    },
    ["temperature", "humidity", "occupied", "temperature_alarm"],
  ),
  milesight("ws301", { 0x0300: state("open"), 0x0400: state("tamper") }, ["open", "tamper"]),
  milesight(
    "ws302",
    {
      0x055b: all(
        nothing(1), // how it is weighted
        number("u16le", "sound", -1, "dB"),
        number("u16le", "sound_equivalent", -1, "dB"),
        number("u16le", "sound_max", -1, "dB"),
      ),
    },
    ["sound", "sound_equivalent", "sound_max"],
  ),
  milesight("ws303", { 0x0300: state("leak") }, ["leak"], "leak"),
  ...["ws501", "ws502", "ws503"].map(lightSwitch),
  milesight(
    "gs101",
    {
      0x058e: state("gas_leak"),
      0x0601: state("valve"),
      0x0701: state("relay"),
      0x0890: number("u32le", "operating_time", 0, "s"),
      0xff3f: gasEvent,
    },
    ["gas_leak", "valve", "relay", "operating_time", "alarm"],
    "leak",
  ),
  milesight(
    "gs301",
    {
      0x0267: tenths,
      0x0368: halfPercents,
      0x047d: number("u16le", "ammonia", -2, "ppm", NOT_READ),
      0x057d: number("u16le", "hydrogen_sulfide", -2, "ppm", NOT_READ),
      0x067d: number("u16le", "hydrogen_sulfide", -3, "ppm", NOT_READ),
      0x07ea: nothing(5), // outcome of a calibration
    },
    ["temperature", "humidity", "ammonia", "hydrogen_sulfide"],
  ),
  milesight(
    "wt101",
    {
      0x0367: tenths,
      0x0467: number("i16le", "temperature_target", -1, "C"),
      0x0592: number("u8", "valve_position", 0, "%"),
      0x0600: state("tamper"),
      0x0700: state("open"),
      0x08e5: nothing(1),
      0x0990: nothing(2),
      0x0a00: nothing(1),
      0x0b90: nothing(2),
      0xf933: nothing(7),
      0xf934: nothing(9),
    },
    ["temperature", "temperature_target", "valve_position", "tamper", "open"],
  ),
  milesight(
    "wt201",
    {
      0x0367: tenths,
      0x0467: number("i16le", "temperature_target", -1, "C"),
      0x05e7: nothing(1),
      0x06e8: nothing(1),
      0x07bc: nothing(1),
      0x088e: state("on"),
      0x0968: halfPercents,
      0x0a6e: nothing(1),
      0x8367: all(tenths, state("temperature_alarm")),
      0xb367: nothing(1),
      0xb968: nothing(1),
    },
    ["temperature", "temperature_target", "humidity", "on", "temperature_alarm"],
  ),
];
