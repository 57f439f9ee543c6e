/** Names in Enless' own decoder. */
import type { MakerField, MakerFields } from "../maker-field.ts";
import { enless } from "./decoder.ts";

const yes = { true: 1, false: 0 };
const alarm = (bit: number): MakerField => ({ register: "alarm", unit: "none", bit, words: yes });
/** What has a limit below and one above: bits one after the other. */
const limits = (name: string, bit: number): Record<string, MakerField> => ({
  [`alarm_status.${name}.high`]: alarm(bit),
  [`alarm_status.${name}.low`]: alarm(bit + 1),
});
/** An input of pulses: its flow above and below the limits, its leak, its contact. */
const input = (
  name: string,
  place: number,
  register: MakerField["register"],
  count: MakerField["register"],
): Record<string, MakerField> => ({
  [`values.${name}.value`]: { register: count, unit: "count" },
  [`alarm_status.${name}_flow.high`]: alarm(place),
  [`alarm_status.${name}_flow.low`]: alarm(place + 4),
  [`alarm_status.${name}_leak`]: alarm(place + 8),
  [`states.status.${name}`]: { register, unit: "none", words: { open: 0, closed: 1 } },
});
const percent: MakerField = { register: "humidity", unit: "%" };
const celsius: MakerField = { register: "temperature", unit: "C" };

export const enlessFields: MakerFields = {
  devices: Object.fromEntries(enless.map(({ model }) => [model, model])),
  fields: {
    "values.temperature.value": celsius,
    "values.temperature_1.value": celsius,
    "values.temperature_2.value": { register: "temperature_2", unit: "C" },
    "values.humidity.value": percent,
    "values.Humidity.value": percent,
    "values.voc.value": { register: "tvoc", unit: "ppb" },
    // The maker's number counts tens.
    "values.co2.value": { register: "co2", unit: "ppm", scale: 1 },
    "values.current.value": { register: "current_input", unit: "A", scale: -3 },
    ...limits("temperature", 0),
    ...limits("temperature_1", 0),
    ...limits("current", 0),
    ...limits("humidity", 2),
    ...limits("temperature_2", 2),
    ...limits("voc", 4),
    ...limits("co2", 6),
    ...input("pulse_ch1", 0, "input", "pulses"),
    ...input("pulse_ch2", 1, "input_2", "pulses_2"),
    ...input("pulse_oc", 2, "input_3", "pulses_3"),
    "states.battery": { register: "battery", unit: "%", text: (leaf) => Number.parseInt(leaf, 10) },
  },
  ignored: ["id", "type", "seq_counter", "fw_version", "states.msg_type"],
  settings: /\.(unit|msg_type|debounce_ch[123])$/,
};
