/**
 * Browan TABS and MerryIoT room sensors: doors, motion, light, climate, air, leaks, CO₂. One frame
 * for each model, on a port of its own, numbers lowest byte first.
 *
 * A frame of zeros is what a device sends before its first measurement.
 *
 * @see the uplink decoders that Browan publishes for TABS and MerryIoT
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

type Part = (reader: ByteReader) => Value[];

/** The lower four bits, tenths of a volt above `base`; the upper ones tell what is left, coarsely. */
const battery =
  (base: number): Part =>
  (reader) => [exact("battery_voltage", base + (reader.u8() & 0x0f), -1, "V")];
const volts = battery(25);
/** Seven bits, from 32 degrees below zero on. */
const degrees = (reader: ByteReader) => exact("temperature", (reader.u8() & 0x7f) - 32, 0, "C");
const temperature: Part = (reader) => [degrees(reader)];
const percent: Part = (reader) => [exact("humidity", reader.u8() & 0x7f, 0, "%")];
const flag =
  (register: RegisterId, bit = 0): Part =>
  (reader) => [exact(register, (reader.u8() >> bit) & 1, 0, "none")];
const skip =
  (size: number): Part =>
  (reader) => {
    reader.skip(size);
    return [];
  };
/** Minutes since it last happened, then how often it happened. */
const counted = (register: RegisterId): Part[] => [
  skip(2),
  (reader) => [exact(register, reader.u24le(), 0, "count")],
];

function sensor(
  name: string,
  title: string,
  port: number,
  registers: readonly RegisterId[],
  parts: readonly Part[],
  kind: MeterKindId = "temperature",
): Decoder {
  return {
    model: `browan/${name}`,
    version: 1,
    title: `Browan ${title}`,
    kind,
    registers: ["battery_voltage", "temperature", ...registers],
    decode(payload, { fPort }) {
      const reader = new ByteReader(payload);
      if (fPort !== null && fPort !== port) reader.fail(`came on port ${fPort}, not ${port}`);
      const values = parts.flatMap((part) => part(reader));
      reader.end();
      return payload.every((byte) => byte === 0) ? [] : [{ values }];
    },
  };
}

export const browan: readonly Decoder[] = [
  sensor(
    "cd10",
    "MerryIoT CO2 Detection CD10",
    127,
    ["alarm", "humidity", "co2"],
    [
      flag("alarm", 4),
      battery(21),
      (reader) => [exact("temperature", reader.i16le(), -1, "C")],
      percent,
      (reader) => [exact("co2", reader.u16le(), 0, "ppm")],
    ],
  ),
  sensor(
    "tbam100",
    "TABS Ambient Light TBAM100",
    104,
    ["illuminance"],
    [skip(1), volts, temperature, (reader) => [exact("illuminance", reader.u24le(), -2, "lux")]],
  ),
  sensor(
    "tbdw100",
    "TABS Door and Window TBDW100",
    100,
    ["open", "open_count"],
    [flag("open"), volts, temperature, ...counted("open_count")],
  ),
  sensor(
    "tbhh100",
    "TABS Healthy Home TBHH100",
    103,
    ["humidity"],
    // The last four bytes are for gases this model does not measure.
    [skip(1), volts, temperature, percent, skip(4)],
  ),
  sensor(
    "tbhv110",
    "TABS Healthy Home IAQ TBHV110",
    103,
    ["humidity", "co2", "tvoc", "iaq"],
    [
      skip(1),
      volts,
      skip(1), // of the board
      percent,
      (reader) => [
        exact("co2", reader.u16le(), 0, "ppm"),
        exact("tvoc", reader.u16le(), 0, "ppb"),
        exact("iaq", reader.u16le(), 0, "none"),
      ],
      temperature,
    ],
  ),
  sensor(
    "tbms100",
    "TABS Motion TBMS100",
    102,
    ["motion", "motion_count"],
    [flag("motion"), volts, temperature, ...counted("motion_count")],
  ),
  sensor(
    "tbwl100",
    "TABS Water Leak TBWL100",
    106,
    ["leak", "humidity"],
    [flag("leak"), volts, skip(1), percent, temperature],
    "leak",
  ),
];
