/** Names in Ewattch's own decoder: a list of objects, here by their type and, of clamps, their channel. */
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import type { MakerField, MakerFields } from "../maker-field.ts";
import { ewattch } from "./decoder.ts";

interface Told {
  type?: string;
  value?: unknown;
  hardwareData?: { channel?: number };
  values?: readonly Told[];
  metadata?: { counterType?: string; device_name?: string };
}

const perChannel = new Set(["currentIndex", "current", "consumedActiveEnergyIndex", "power"]);
const nameOf = ({ type = "", hardwareData }: Told, meter = "") =>
  perChannel.has(type) ? `${type} ${hardwareData?.channel ?? 0}` : `${meter}${type}`;
const total = (values: readonly Told[]) =>
  values.reduce((all, { value }) => all + Number(value), 0);

/** As many digits as a float has. */
const told = ({ type, value }: Told) =>
  type === "volume" ? Number(Number(value).toPrecision(7)) : value;

function restate(data: unknown): unknown {
  const said: Record<string, unknown> = {};
  for (const object of data as readonly Told[]) {
    const { type, values = [], metadata } = object;
    if (type === "mbus")
      for (const part of values) said[nameOf(part, `${metadata?.device_name} `)] ??= told(part);
    else if (type === "tic") {
      const isInjection = metadata?.counterType === "Linky Injection";
      if (values.length > 0)
        said[metadata?.counterType === "Jaune" ? "tic kWh" : "tic"] ??= isInjection
          ? values[0]?.value
          : total(values);
    } else if (type !== "error" && type !== "analogInput" && type !== "battery")
      said[nameOf(object)] ??= told(object);
  }
  return said;
}

const field = (register: RegisterId, unit: Unit, scale = 0): MakerField => ({
  register,
  unit,
  scale,
});
const channels = (
  type: string,
  name: string,
  first: RegisterId,
  unit: Unit,
  scale = 0,
): Record<string, MakerField> =>
  Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => [
      `${type} ${i}`,
      field((i === 0 ? first : `${name}_${i + 1}`) as RegisterId, unit, scale),
    ]),
  );

export const ewattchFields: MakerFields = {
  devices: Object.fromEntries(ewattch.map(({ model }) => [model, model])),
  fields: {
    temperature: field("temperature", "C"),
    humidity: field("humidity", "%"),
    co2: field("co2", "ppm"),
    counter: field("pulses", "count"),
    luminosity: field("illuminance", "lux"),
    // Bars.
    pressure: field("pressure_pipe", "kPa", 2),
    flow: field("8-0:9.0.0", "m3/h"),
    volume: field("8-0:1.0.0", "m3"),
    activeEnergyIndex: field("1-0:1.8.0", "kWh"),
    reactiveEnergyIndex: field("1-0:3.8.0", "kvarh"),
    batteryLevel: field("battery", "%"),
    tic: field("1-0:1.8.0", "Wh"),
    "tic kWh": field("1-0:1.8.0", "kWh"),
    ...channels("currentIndex", "charge", "charge", "Ah", -3),
    ...channels("current", "current", "current", "A", -3),
    ...channels("consumedActiveEnergyIndex", "energy", "1-0:1.8.0", "Wh"),
    ...channels("power", "power", "1-0:1.7.0", "W"),
    producedActiveEnergyIndex: field("1-0:2.8.0", "Wh"),
    positiveReactiveEnergyIndex: field("1-0:3.8.0", "varh"),
    negativeReactiveEnergyIndex: field("1-0:4.8.0", "varh"),
    reactivePower: field("1-0:3.7.0", "var"),
    apparentEnergyIndex: field("1-0:9.8.0", "VAh"),
    voltage: field("1-0:12.7.0", "V"),
    apparentPower: field("1-0:9.7.0", "VA"),
    frequency: field("1-0:14.7.0", "Hz"),
    "HEAT METER volume": field("6-0:2.0.0", "m3"),
    "HEAT METER activeEnergyIndex": field("6-0:1.0.0", "kWh"),
    "HEAT METER flow": field("6-0:9.0.0", "m3/h"),
    "HEAT METER temperature": field("temperature", "C"),
    "WATER METER volume": field("8-0:1.0.0", "m3"),
    "WATER METER flow": field("8-0:9.0.0", "m3/h"),
    "WATER METER temperature": field("temperature", "C"),
    "ELECTRICITY METER activeEnergyIndex": field("1-0:1.8.0", "kWh"),
    "ELECTRICITY METER reactiveEnergyIndex": field("1-0:3.8.0", "kvarh"),
    "GAZ METER volume": field("7-0:3.0.0", "m3"),
    "GAZ METER flow": field("8-0:9.0.0", "m3/h"),
  },
  ignored: ["time", "motion", "nodeType", "version", "periodicity", "boolean", "undefined"],
  settings: / (time|motion)$/,
  restate,
};
