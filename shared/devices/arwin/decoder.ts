/**
 * Arwin Technology LRS: air (10701), climate (20100), leaks (20310), a contact (20600). The port says what a
 * frame is: 10 tells values, 8 the version, 12 and 13 settings. Highest byte first.
 *
 * Which gases a 10701 has is among its settings only, so that they are not kept.
 *
 * @see the uplink decoders that Arwin publishes
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { bits } from "../bits.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const DATA = 10;
const PARTICLES = 11;
const ABOUT: readonly number[] = [8, 12, 13];
const LEAK = 0x04;
const CABLE = 0x08;

type Frame = (reader: ByteReader, payload: Uint8Array) => Value[];

/** Each frame begins with the sensor's type and what set it off. */
const of =
  (type: number, rest: (reader: ByteReader, why: number) => Value[]): Frame =>
  (reader) => {
    const told = reader.u8();
    if (told !== type) reader.fail(`is of the sensor ${told}, not ${type}`);
    const why = reader.u8();
    const battery = exact("battery", reader.u8(), 0, "%");
    return [...rest(reader, why), battery];
  };

const climate: Frame = of(1, (reader) => [
  exact("temperature", reader.i16be(), -1, "C"),
  exact("humidity", reader.i16be(), -1, "%"),
]);
const leak: Frame = of(5, (reader, why) => {
  reader.skip(1); // how wet
  return [
    exact("leak", why & LEAK ? 1 : 0, 0, "none"),
    exact("error_flags", why & CABLE ? 1 : 0, 0, "none"),
  ];
});
const contact: Frame = of(4, (reader) => [
  exact("input", reader.u8() === 0 ? 0 : 1, 0, "none"),
  exact("pulses", reader.u16be(), 0, "count"),
]);

/** Quality in nine bits, carbon dioxide in thirteen, temperature in ten. */
const air: Frame = (reader, payload) => {
  reader.skip(5);
  const values = [
    exact("iaq", bits(payload, 8, 9), 0, "none"),
    exact("co2", bits(payload, 17, 13), 0, "ppm"),
    exact("temperature", bits(payload, 30, 10) - 300, -1, "C"),
    exact("humidity", reader.u8() * 5, -1, "%"),
  ];
  reader.skip(4); // two gases
  values.push(exact("battery", reader.u8(), 0, "%"));
  return values;
};
const particles: Frame = (reader) => [
  exact("tvoc", reader.u16be(), 0, "ppb"),
  exact("pm1", reader.u24be(), -3, "ug/m3"),
  exact("pm2_5", reader.u24be(), -3, "ug/m3"),
  exact("pm10", reader.u24be(), -3, "ug/m3"),
];

const read =
  (frames: Readonly<Record<number, Frame>>): Decoder["decode"] =>
  (payload, { fPort }): DecodedReading[] => {
    const reader = new ByteReader(payload);
    const port = fPort ?? DATA;
    if (ABOUT.includes(port)) return [];
    const frame = frames[port];
    if (frame === undefined) return reader.fail(`came on port ${port}`);
    const values = frame(reader, payload);
    reader.end();
    return [{ values }];
  };

const sensor = (
  name: string,
  kind: MeterKindId,
  registers: readonly RegisterId[],
  frames: Readonly<Record<number, Frame>>,
): Decoder => ({
  model: `arwin-technology/${name}`,
  version: 1,
  title: `Arwin ${name.toUpperCase()}`,
  kind,
  registers: [...registers, "battery"],
  decode: read(frames),
});

export const arwin: readonly Decoder[] = [
  sensor(
    "lrs10701",
    "temperature",
    ["iaq", "co2", "temperature", "humidity", "tvoc", "pm1", "pm2_5", "pm10"],
    { [DATA]: air, [PARTICLES]: particles },
  ),
  sensor("lrs20100", "temperature", ["temperature", "humidity"], { [DATA]: climate }),
  sensor("lrs20310", "leak", ["leak", "error_flags"], { [DATA]: leak }),
  sensor("lrs20600", "cold_water", ["input", "pulses"], { [DATA]: contact }),
];
