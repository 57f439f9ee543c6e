/**
 * Thermokon's LoRaWAN room sensors and thermostats: parts, each announced by a number of one byte
 * (below 80h) or two, highest byte first. Settings stand among the values. The Thanos also repeats
 * the registers of its Modbus on port 4, two bytes for the number and two for the value.
 *
 * A volume flow has no unit in what the maker publishes, so that it is not kept.
 *
 * @see the uplink decoders that Thermokon publishes
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const MODBUS_PORT = 4;

type Part = (reader: ByteReader) => Value[];

const word =
  (register: RegisterId, unit: Unit, scale = 0): Part =>
  (reader) => [exact(register, reader.u16be(), scale, unit)];
const signed =
  (register: RegisterId, unit: Unit, scale = 0): Part =>
  (reader) => [exact(register, reader.i16be(), scale, unit)];
/** The state is the lowest bit, above it a count of seven bits that goes round. */
const counted =
  (register: RegisterId): Part =>
  (reader) => [exact(register, reader.u8() & 1, 0, "none")];
const skip =
  (size: number): Part =>
  (reader) => {
    reader.skip(size);
    return [];
  };

const parts: Readonly<Record<number, Part>> = {
  0x00: skip(2),
  0x01: skip(1),
  0x10: signed("temperature", "C", -1),
  0x11: (reader) => [exact("humidity", reader.u8(), 0, "%")],
  0x12: word("co2", "ppm"),
  0x13: word("tvoc", "ppb"),
  0x30: word("pressure", "hPa"),
  0x31: signed("pressure_difference", "Pa"),
  0x32: skip(2), // flow
  0x40: word("illuminance", "lux"),
  0x41: counted("motion"),
  0x50: counted("input"),
  0x51: (reader) => [exact("moisture", reader.u16be() >> 15, 0, "none")], // dew on a pipe
  0x54: (reader) => [exact("battery_voltage", reader.u8() * 2, -2, "V")],
  0x63: (reader) => [exact("analog", reader.u8(), 0, "none")], // where the knob stands
  0x8540: word("battery_voltage", "V", -3),
  0x9410: skip(1), // the second of motion and contact: a count or a state, by the model
  0x9500: skip(1),
  0x9510: skip(2),
  0x9630: skip(1), // turns of the knob
  ...Object.fromEntries([0xc103, 0xc120, 0xc134].map((id) => [id, skip(1)])),
  ...Object.fromEntries(
    [
      0xc000, 0xc100, 0xc105, 0xc106, 0xc108, 0xc10a, 0xc10b, 0xc121, 0xc123, 0xc125, 0xc127,
      0xc129, 0xc12b, 0xc12d, 0xc135, 0xc136, 0xc137, 0xc138, 0xc139, 0xc230,
    ].map((id) => [id, skip(2)]),
  ),
  ...Object.fromEntries([0xc402, 0xc404].map((id) => [id, skip(4)])),
};

const modbus: Readonly<Record<number, Part>> = {
  100: word("occupied", "none"),
  103: signed("temperature_target", "C", -1),
  104: word("fan", "none"),
  500: signed("temperature", "C", -1),
  501: word("humidity", "%"),
  505: word("co2", "ppm"),
  506: word("tvoc", "ppb"),
  // Economy, scene, lights, shutters.
  ...Object.fromEntries([101, 199, 200, 201, 300, 301, 302, 303].map((id) => [id, skip(2)])),
};

const idOf = (reader: ByteReader) => ((reader.peek() ?? 0) < 0x80 ? reader.u8() : reader.u16be());

function read(payload: Uint8Array, fPort: number | null, hasModbus: boolean): DecodedReading[] {
  const reader = new ByteReader(payload);
  if (reader.left === 0) reader.fail("is empty");
  const isModbus = hasModbus && fPort === MODBUS_PORT;
  const said = new Map<RegisterId, Value>();
  while (reader.left > 0) {
    const id = isModbus ? reader.u16be() : idOf(reader);
    const part = (isModbus ? modbus : parts)[id];
    if (part === undefined) return reader.fail(`has an unknown part ${id.toString(16)}`);
    for (const value of part(reader)) said.set(value.register, value);
  }
  return said.size === 0 ? [] : [{ values: [...said.values()] }];
}

const registers: readonly RegisterId[] = [
  ...(["temperature", "humidity", "co2", "tvoc", "pressure", "pressure_difference"] as const),
  ...(["illuminance", "motion", "input", "moisture", "analog", "battery_voltage"] as const),
];
const device = (name: string, title: string, hasModbus = false): Decoder => ({
  model: `thermokon/${name}`,
  version: 1,
  title: `Thermokon ${title}`,
  kind: "temperature",
  registers: hasModbus ? [...registers, "occupied", "temperature_target", "fan"] : registers,
  decode: (payload, { fPort }) => read(payload, fPort, hasModbus),
});

export const thermokon: readonly Decoder[] = [
  device("novos-3-lrw", "NOVOS 3 LRW"),
  device("mcs-lrw", "MCS LRW"),
  device("dpa-lrw", "DPA LRW"),
  device("thanos-evo-lrw", "thanos EVO LRW", true),
];
