/**
 * Cayenne Low Power Payload, with the data types that others added: channel, type, value with
 * the highest byte first.
 *
 * A register comes once: of several channels of one type the lowest one counts, as which probe
 * it is only the installer knows.
 *
 * @see myDevices Cayenne LPP 2.0; ElectronicCats CayenneLPP, "Data types"
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

interface DataType {
  readonly size: number;
  readonly register?: RegisterId;
  readonly unit?: Unit;
  readonly scale?: number;
  readonly isSigned?: boolean;
  /** Our number for each of theirs. */
  readonly times?: number;
}
const silent = (size: number): DataType => ({ size });
const measured = (
  size: number,
  register: RegisterId,
  unit: Unit,
  scale = 0,
  more: Partial<DataType> = {},
): DataType => ({
  size,
  register,
  unit,
  scale,
  ...more,
});

const types: Readonly<Record<number, DataType>> = {
  0x00: silent(1), // digital input
  0x01: silent(1), // digital output
  0x02: silent(2), // analogue input
  0x03: silent(2), // analogue output
  0x64: silent(4), // generic
  0x65: measured(2, "illuminance", "lux"),
  0x66: measured(1, "occupied", "none"),
  0x67: measured(2, "temperature", "C", -1, { isSigned: true }),
  0x68: measured(1, "humidity", "%", -1, { times: 5 }),
  0x71: silent(6), // acceleration
  0x73: measured(2, "pressure", "hPa", -1),
  0x74: measured(2, "1-0:12.7.0", "V", -2),
  0x75: measured(2, "1-0:11.7.0", "A", -3),
  0x76: silent(4), // frequency of anything
  0x78: measured(1, "battery", "%"),
  0x79: silent(2), // altitude
  0x7d: measured(2, "co2", "ppm"),
  0x80: measured(2, "1-0:1.7.0", "W"),
  0x82: measured(4, "distance", "mm"),
  0x83: measured(4, "1-0:1.8.0", "Wh"),
  0x84: silent(2), // direction
  0x85: silent(4), // time
  0x86: silent(6), // gyrometer
  0x87: silent(3), // colour
  0x88: silent(9), // position
  0x8e: measured(1, "on", "none"),
};

function numberIn(reader: ByteReader, { size, isSigned }: DataType): number {
  const bytes = reader.bytes(size);
  const unsigned = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return isSigned && unsigned >= 2 ** (8 * size - 1) ? unsigned - 2 ** (8 * size) : unsigned;
}

export const cayenneLpp: Decoder = {
  model: "cayenne/lpp",
  version: 1,
  title: "Cayenne LPP",
  kind: "temperature",
  registers: Object.values(types).flatMap(({ register }) => register ?? []),
  decode(payload): DecodedReading[] {
    const reader = new ByteReader(payload);
    if (payload.length === 0) reader.fail("is empty");
    const found = new Map<RegisterId, { channel: number; value: Value }>();
    while (reader.left > 0) {
      const channel = reader.u8();
      const code = reader.u8();
      const type = types[code] ?? reader.fail(`has an unknown data type ${code.toString(16)}`);
      const n = numberIn(reader, type) * (type.times ?? 1);
      const { register, unit = "none", scale = 0 } = type;
      const known = register === undefined ? undefined : found.get(register);
      if (register !== undefined && (known === undefined || channel < known.channel))
        found.set(register, { channel, value: exact(register, n, scale, unit) });
    }
    const values = [...found.values()].map(({ value }) => value);
    return values.length > 0 ? [{ values }] : [];
  },
};
