/**
 * IMBuildings: comfort sensor and people counter. A frame may begin with what it is, its variant and the
 * device's number (eight bytes); without them the port says what it is. Highest byte first.
 *
 * @see the uplink decoder that IMBuildings publishes
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const COMFORT = 1;
const PEOPLE = 2;
const HEAD_BYTES = 10;

/** Type and variant, and the size of what follows the head. */
interface Frame {
  readonly type: number;
  readonly variant: number;
  readonly port: number;
  readonly size: number;
  readonly read: (reader: ByteReader) => Value[];
}
const battery = (reader: ByteReader) => {
  reader.skip(1); // status
  return exact("battery_voltage", reader.u16be(), -2, "V");
};
const climate = (reader: ByteReader): Value[] => [
  exact("temperature", reader.u16be(), -2, "C"),
  exact("humidity", reader.u16be(), -2, "%"),
  exact("co2", reader.u16be(), 0, "ppm"),
  exact("occupied", reader.u8() === 1 ? 1 : 0, 0, "none"),
];
const frames: readonly Frame[] = [
  {
    type: COMFORT,
    variant: 3,
    port: 13,
    size: 10,
    read(reader) {
      const supply = battery(reader);
      return [...climate(reader), supply];
    },
  },
  {
    type: PEOPLE,
    variant: 6,
    port: 26,
    size: 13,
    read(reader) {
      const supply = battery(reader);
      const values = [
        exact("people_in_period", reader.u16be(), 0, "count"),
        exact("people_out_period", reader.u16be(), 0, "count"),
        exact("error_flags", reader.u8(), 0, "none"),
        exact("people_in", reader.u16be(), 0, "count"),
        exact("people_out", reader.u16be(), 0, "count"),
        supply,
      ];
      reader.skip(1); // a counter of frames
      return values;
    },
  },
  {
    type: PEOPLE,
    variant: 7,
    port: 27,
    size: 5,
    read: (reader) => [
      exact("error_flags", reader.u8(), 0, "none"),
      exact("people_in", reader.u16be(), 0, "count"),
      exact("people_out", reader.u16be(), 0, "count"),
    ],
  },
  {
    type: PEOPLE,
    variant: 8,
    port: 28,
    size: 4,
    read: (reader) => [battery(reader), exact("error_flags", reader.u8(), 0, "none")],
  },
];
/** On its port the comfort sensor leaves its status and battery out. */
const BARE_CLIMATE_BYTES = 7;
const CLIMATE_PORT = 13;

function decode(payload: Uint8Array, { fPort }: { fPort: number | null }): DecodedReading[] {
  const reader = new ByteReader(payload);
  const headed = frames.find(
    ({ type, variant, size }) =>
      payload[0] === type && payload[1] === variant && payload.length === HEAD_BYTES + size,
  );
  if (headed) {
    reader.skip(HEAD_BYTES);
    return [{ values: headed.read(reader) }];
  }
  if (fPort === CLIMATE_PORT && payload.length === BARE_CLIMATE_BYTES)
    return [{ values: climate(reader) }];
  const bare = frames.find(({ port, size }) => fPort === port && payload.length === size);
  if (bare === undefined) return reader.fail(`of ${payload.length} bytes is no known frame`);
  return [{ values: bare.read(reader) }];
}

export const imbuildings: readonly Decoder[] = [
  {
    model: "imbuildings/imbuildings-comfort-sensor",
    version: 1,
    title: "IMBuildings Comfort Sensor",
    kind: "temperature",
    registers: [
      ...(["temperature", "humidity", "co2", "occupied", "people_in", "people_out"] as const),
      ...(["people_in_period", "people_out_period", "error_flags", "battery_voltage"] as const),
    ],
    decode,
  },
  {
    model: "imbuildings/imbuildings-people-counter",
    version: 1,
    title: "IMBuildings People Counter",
    kind: "temperature",
    registers: [
      ...(["people_in", "people_out", "people_in_period", "people_out_period"] as const),
      ...(["temperature", "humidity", "co2", "occupied", "error_flags"] as const),
      ...(["battery_voltage"] as const),
    ],
    decode,
  },
];
