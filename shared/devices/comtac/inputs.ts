/**
 * Comtac LPN DI: two inputs with a counter each, and LPN CM-1: temperature and humidity of a room, which is
 * older than the CM-4 and has a frame of its own, highest byte first. The counters stand lowest first.
 *
 * @see Comtac, E1347 LPN DI, as ZENNER IoT reads it in element-parsers; Comtac, LPN CM-1, likewise
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const DATA = 3;
const DIGITAL_INPUTS = 21;

export const comtacDi: Decoder = {
  model: "comtac/lpn-di",
  version: 1,
  title: "Comtac LPN DI",
  kind: "cold_water",
  registers: ["pulses", "pulses_2", "input", "input_2", "error_flags"],
  decode(payload, { fPort }) {
    const reader = new ByteReader(payload);
    if (fPort !== null && fPort !== DATA) reader.fail(`came on port ${fPort}, not ${DATA}`);
    const type = reader.u8();
    if (type !== DIGITAL_INPUTS) reader.fail(`is of the type ${type}, not ${DIGITAL_INPUTS}`);
    reader.skip(4); // versions, how well it was heard
    const state = reader.u8();
    const values = [
      exact("pulses", reader.u32le(), 0, "count"),
      exact("pulses_2", reader.u32le(), 0, "count"),
      exact("input", state >> 7, 0, "none"),
      exact("input_2", (state >> 6) & 1, 0, "none"),
      // Its supply of 24 V.
      exact("error_flags", state & 1, 0, "none"),
    ];
    reader.skip(6); // seconds since each changed
    reader.end();
    return [{ values }];
  },
};

export const comtacCm1: Decoder = {
  model: "comtac/lpn-cm1",
  version: 1,
  title: "Comtac LPN CM-1",
  kind: "temperature",
  registers: ["temperature", "humidity", "battery_voltage"],
  decode(payload) {
    const reader = new ByteReader(payload);
    reader.skip(7); // status, limits, how often it sends
    const supply = exact("battery_voltage", reader.u16be(), -3, "V");
    const values = [
      exact("temperature", reader.i16be(), -2, "C"),
      exact("humidity", reader.i16be(), -2, "%"),
      supply,
    ];
    reader.end();
    return [{ values }];
  },
};
