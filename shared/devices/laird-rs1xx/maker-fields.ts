/** Names in Laird's and Ezurio's own decoders. */
import { z } from "zod";
import type { MakerFields } from "../maker-field.ts";
import { rs1xx, rs1xxSamples } from "./decoder.ts";

const Moment = z.object({
  year: z.number(),
  month: z.string(),
  day: z.number(),
  hours: z.number(),
  minutes: z.number(),
  seconds: z.number(),
});
/** A moment in pieces, as text; whatever is none stays as it is. */
function moment(value: unknown): unknown {
  const parsed = Moment.safeParse(value);
  if (!parsed.success) return value;
  const { year, month, day, hours, minutes, seconds } = parsed.data;
  const date = Date.parse(`${month} ${day}, ${year} 00:00:00 UTC`);
  return new Date(date + ((hours * 60 + minutes) * 60 + seconds) * 1000).toISOString();
}
const Readings = z.array(z.looseObject({ timestamp: z.unknown().optional() }));

/**
 * Moments as text. Many measurements under one time stand after what is told of now, and their
 * time is nobody's.
 */
function restate(data: unknown): unknown {
  const said = z.looseObject({}).parse(data);
  const readings = Readings.safeParse(said["readings"]);
  const { timestamp, ...rest } = said;
  const told = timestamp === undefined ? {} : { timestamp: moment(timestamp) };
  if (!readings.success) return { ...rest, ...told };
  const list = readings.data.map((reading) =>
    reading.timestamp === undefined
      ? reading
      : { ...reading, timestamp: moment(reading.timestamp) },
  );
  if (timestamp === undefined) return { ...rest, readings: list };
  const [only] = list;
  return { ...rest, readings: list.length === 1 ? [{ ...only, ...told }] : [{}, ...list] };
}

export const rs1xxFields: MakerFields = {
  devices: Object.fromEntries(rs1xx.map(({ model }) => [model, model])),
  fields: {
    temperature: { register: "temperature", unit: "C" },
    humidity: { register: "humidity", unit: "%" },
    timestamp: "time",
    "readings[].temperature": { register: "temperature", unit: "C" },
    "readings[].humidity": { register: "humidity", unit: "%" },
    "readings[].timestamp": "time",
    batteryCapacity: {
      register: "battery_low",
      unit: "none",
      text: (leaf) => (leaf === "0-5%" ? 1 : 0),
    },
    voltage: { register: "battery_voltage", unit: "V" },
    state: { register: "open", unit: "none", words: { Open: 1, Closed: 0 } },
  },
  ignored: [
    "msgType",
    "options",
    "alarmMsgCount",
    "backlogMsgCount",
    "numberOfReadings",
    "operatingMode",
    "alertCancellation",
    "counter",
  ],
  settings: /^(batteryType|sensor\w+|led\w+|release\w+|partNumber)$/,
  samples: rs1xxSamples,
  restate,
};
