/**
 * STREGA smart valve: ASCII text: four digits of battery (mV) or power source, one character of
 * state, then optionally `#` with temperature and humidity (binary), `C` with a counter and `V`
 * with an analogue input (hexadecimal text).
 *
 * State bits: 0 valve open, 1 tampering, 2 cable, 3 digital input 0, 4 valve fully open, 5 leak,
 * 6 valve fully closed.
 *
 * @see STREGA Smart-Valve payload description, "Uplink"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

/** Answers to settings begin with, or have in the sixth place, an `@`. */
const ANSWER = 0x40;

/** Millivolts; null with an external supply. In class C with a battery the first nibble is Bh. */
function batteryOf(reader: ByteReader): number | null {
  const first = reader.u8();
  const rest = reader.ascii(3);
  const source = first >> 4;
  if (source === 0x7 || source === 0xf) return null;
  const text = `${first & 0x0f}${rest}`;
  if ((source !== 0x3 && source !== 0xb) || !/^\d{4}$/.test(text))
    return reader.fail("does not begin with a battery voltage");
  return Number(text);
}

function hexNumber(reader: ByteReader, digits: number): number {
  const text = reader.ascii(digits);
  return /^[0-9a-f]+$/i.test(text)
    ? Number.parseInt(text, 16)
    : reader.fail("has no hexadecimal number in its place");
}

/** One optional part, after its letter. */
function readPart(reader: ByteReader): Value[] {
  const letter = String.fromCharCode(reader.u8());
  if (letter === "C") return [exact("pulses", hexNumber(reader, 6), 0, "count")];
  if (letter === "V") return [exact("1-0:12.7.0", hexNumber(reader, 4), -3, "V")];
  if (letter !== "#") return reader.fail(`has an unknown part ${JSON.stringify(letter)}`);
  // Shares of 65536: −40 to 125 °C, 0 to 100 %.
  const temperature = Math.round((reader.u16be() / 65536) * 16500) - 4000;
  const humidity = Math.round((reader.u16be() / 65536) * 10000);
  return [exact("temperature", temperature, -2, "C"), exact("humidity", humidity, -2, "%")];
}

export const stregaValve: Decoder = {
  model: "strega/motorized-valve",
  version: 1,
  title: "STREGA Smart-Valve",
  kind: "cold_water",
  registers: [
    "open",
    "alarm",
    "leak",
    "tamper",
    "battery_voltage",
    "temperature",
    "humidity",
    "pulses",
    "1-0:12.7.0",
  ],
  decode(payload) {
    if (payload[0] === ANSWER || payload[5] === ANSWER) return [];
    const reader = new ByteReader(payload);
    const battery = batteryOf(reader);
    // A character whose upper half counts from 3.
    const state = reader.u8() - 0x30;
    if (state < 0 || state > 0x7f) reader.fail("has no valve state");
    const values = [
      exact("open", state & 1, 0, "none"),
      exact("tamper", (state >> 1) & 1, 0, "none"),
      exact("leak", (state >> 5) & 1, 0, "none"),
      exact("alarm", state, 0, "none"),
      ...(battery === null ? [] : [exact("battery_voltage", battery, -3, "V")]),
    ];
    while (reader.left > 0) values.push(...readPart(reader));
    if (new Set(values.map((value) => value.register)).size < values.length)
      reader.fail("says the same thing twice");
    return [{ values }];
  },
};
