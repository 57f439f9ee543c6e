/** `values`: the numbers of MClimate's keep-alives, highest byte first. */
import type { Value } from "#shared/model/registers.ts";
import type { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

/** Tenths of a degree from 40 below zero on. */
export const temperature = (reader: ByteReader): Value[] => [
  exact("temperature", reader.u16be() - 400, -1, "C"),
];
/** 256ths, as the millionths they are exactly. */
export const humidity = (reader: ByteReader): Value[] => [
  exact("humidity", reader.u8() * 390_625, -6, "%"),
];
const millivolts = (n: number) => exact("battery_voltage", n, -3, "V");
export const battery = (reader: ByteReader): Value[] => [millivolts(reader.u16be())];
/** Eight millivolts a step from 1.6 V on. */
export const batteryByte = (reader: ByteReader): Value[] => [millivolts(reader.u8() * 8 + 1600)];
/** The upper four bits, tenths of a volt from 2 V on. */
export const tenthsOfVolts = (byte: number): Value => millivolts((byte >> 4) * 100 + 2000);
export const batteryTenths = (reader: ByteReader): Value[] => [tenthsOfVolts(reader.u8())];
/** A probe that may not be there, which the third bit of the first byte says; tenths in ten bits. */
export const thermistor = (reader: ByteReader): Value[] => {
  const word = reader.u16be();
  return word & 0x0400 ? [] : [exact("temperature_external", word & 0x03ff, -1, "C")];
};
export const openings = (reader: ByteReader): Value[] => [
  exact("open_count", reader.u24be(), 0, "count"),
];
/** Why the frame was sent, by the device's own number. */
export const event = (reader: ByteReader): Value[] => [exact("states", reader.u8(), 0, "none")];
export const co2 = (reader: ByteReader): Value[] => [exact("co2", reader.u16be(), 0, "ppm")];
/** Low byte, then five high bits; the last three bits say where power comes from. */
export const co2AndSource = (reader: ByteReader): Value[] => {
  const low = reader.u8();
  return [exact("co2", ((reader.u8() >> 3) << 8) | low, 0, "ppm")];
};
export const lux = (reader: ByteReader): Value[] => [
  exact("illuminance", reader.u16be(), 0, "lux"),
];
export const motion = (reader: ByteReader): Value[] => [
  exact("motion", reader.u8() === 0 ? 0 : 1, 0, "none"),
];
export const targetDegrees = (reader: ByteReader): Value[] => [
  exact("temperature_target", reader.u8(), 0, "C"),
];
export const targetTenths = (reader: ByteReader): Value[] => [
  exact("temperature_target", reader.u16be(), -1, "C"),
];
/** Where power comes from, or what the display shows of a fan: no measurement. */
export const unmeasured = (reader: ByteReader): Value[] => {
  reader.skip(1);
  return [];
};
export const mode = (reader: ByteReader): Value[] => [
  exact("heating_state", reader.u8(), 0, "none"),
];
export const fan = (reader: ByteReader): Value[] => [exact("fan", reader.u8(), 0, "none")];
export const valve = (reader: ByteReader): Value[] => [exact("valve", reader.u8(), 0, "none")];
export const on = (reader: ByteReader): Value[] => [exact("on", reader.u8(), 0, "none")];
export const boardDegrees = (reader: ByteReader): Value[] => [
  exact("temperature", reader.u8(), 0, "C"),
];
export const power = (reader: ByteReader): Value[] => [
  exact("1-0:1.8.0", reader.u32be(), 0, "Wh"),
  exact("1-0:1.7.0", reader.u16be(), 0, "W"),
  exact("1-0:12.7.0", reader.u8(), 0, "V"),
  exact("1-0:11.7.0", reader.u16be(), -3, "A"),
  exact("relay", reader.u8() === 0 ? 0 : 1, 0, "none"),
];
