/**
 * `tasmota`: sensor telemetry of devices that run Tasmota.
 *
 * Its `Time` is the device's local time without an offset, so that the time of arrival is taken
 * unless an offset is there. The device is known by its topic.
 *
 * @see Tasmota documentation, "MQTT" and "Energy monitoring"
 */
import type { Value } from "#shared/model/registers.ts";
import { result, type Format } from "./format.ts";
import { readInstant } from "./instants.ts";
import { sourceId, valueFrom, valuesFrom, type NamedValue } from "./measured-values.ts";
import { fieldsOf, itemsOf } from "./message.ts";
import { looseNumber } from "./numbers.ts";

const energy: Readonly<Record<string, NamedValue>> = {
  Total: { register: "1-0:1.8.0", unit: "kWh" },
  ExportTotal: { register: "1-0:2.8.0", unit: "kWh" },
  Power: { register: "1-0:1.7.0", unit: "W" },
  ApparentPower: { register: "1-0:9.7.0", unit: "VA" },
  ReactivePower: { register: "1-0:3.7.0", unit: "var" },
  Factor: { register: "1-0:13.7.0", unit: "none" },
  Voltage: { register: "1-0:12.7.0", unit: "V" },
  Current: { register: "1-0:11.7.0", unit: "A" },
  Frequency: { register: "1-0:14.7.0", unit: "Hz" },
};
const climate: Readonly<Record<string, NamedValue>> = {
  Temperature: { register: "temperature", unit: "C" },
  Humidity: { register: "humidity", unit: "%" },
  Pressure: { register: "pressure", unit: "hPa" },
  CarbonDioxide: { register: "co2", unit: "ppm" },
  Illuminance: { register: "illuminance", unit: "lux" },
  DewPoint: { register: "dew_point", unit: "C" },
  // A smart meter's, by the names that Tasmota's descriptions of meters agree on.
  Total_in: { register: "1-0:1.8.0", unit: "kWh" },
  Total_out: { register: "1-0:2.8.0", unit: "kWh" },
  Power_curr: { register: "1-0:1.7.0", unit: "W" },
};
/** Of a device with several phases or outlets: these add up, the others stand for each. */
const sums = ["Total", "ExportTotal", "Power", "ApparentPower", "ReactivePower"] as const;
const phases = ["1-0:31.7.0", "1-0:51.7.0", "1-0:71.7.0"] as const;

/** A device's energy with one number for each name; lists hold one for each phase or outlet. */
function energyOf(fields: Readonly<Record<string, unknown>>): Value[] {
  const numbers = (name: string) =>
    itemsOf(fields[name]).flatMap((item) => looseNumber(item) ?? []);
  const flat: Record<string, unknown> = { ...fields };
  for (const [name, value] of Object.entries(fields)) if (Array.isArray(value)) delete flat[name];
  for (const name of sums) {
    const all = numbers(name);
    // Tasmota gives at most five places.
    if (all.length > 0) flat[name] = Number(all.reduce((sum, one) => sum + one, 0).toFixed(5));
  }
  for (const name of ["Voltage", "Frequency"]) {
    const [first] = numbers(name);
    if (first !== undefined) flat[name] = first;
  }
  const currents = numbers("Current").flatMap((ampere, i) => {
    const register = phases[i];
    return register === undefined ? [] : (valueFrom(ampere, { register, unit: "A" }) ?? []);
  });
  return [...valuesFrom(flat, energy), ...currents];
}

const counters: Readonly<Record<string, NamedValue>> = {
  C1: { register: "pulses", unit: "count" },
  C2: { register: "pulses_2", unit: "count" },
  C3: { register: "pulses_3", unit: "count" },
  C4: { register: "pulses_4", unit: "count" },
};
/** Not of the room: the chip's own temperature, and settings. */
const notSensors = new Set(["ENERGY", "ESP32", "TIC", "ANALOG", "COUNTER"]);

/** `%prefix%/%topic%/SENSOR` in any order: what is left without prefix and command is the device. */
function deviceOf(topic: string | null) {
  const parts = (topic ?? "")
    .split("/")
    .filter(
      (part) =>
        !["", "tele", "stat"].includes(part) &&
        !/^(SENSOR|STATE|STATUS\d*|RESULT|LWT|INFO\d|UPTIME|POWER\d*)$/.test(part),
    );
  return sourceId("tasmota", ...parts);
}

/** What is said when it is asked (`Status 8`, `Status 10`) stands one level deeper. */
function sensorsIn(body: unknown) {
  const fields = fieldsOf(body);
  return fieldsOf(fields?.["StatusSNS"]) ?? fields;
}
/** Answers and announcements, whose readings come as telemetry as well. */
const OTHER =
  /^(?:.+\/)?(?:tele|stat)\/(?:.+\/)?(?:STATUS\d*|RESULT|LWT|INFO\d|UPTIME|POWER\d*)$|\/(?:tele|stat)\/(?:STATUS\d*|RESULT|LWT|INFO\d)$/;

export const tasmota: Format = {
  name: "tasmota",
  recognises({ topic, body }) {
    const fields = sensorsIn(body);
    if (fields === undefined || typeof fields["Time"] !== "string")
      return topic !== null && OTHER.test(topic);
    return (
      fieldsOf(fields["ENERGY"]) !== undefined ||
      (topic !== null && /\/(SENSOR|STATE|STATUS(8|10))$/.test(topic))
    );
  },
  parse({ topic, body }, { heardAt }) {
    const fields = sensorsIn(body) ?? {};
    const deviceId = deviceOf(topic);
    const values: Value[] = energyOf(fieldsOf(fields["ENERGY"]) ?? {});
    values.push(...valuesFrom(fieldsOf(fields["COUNTER"]) ?? {}, counters));
    const isFahrenheit = fields["TempUnit"] === "F";
    for (const [name, sensor] of Object.entries(fields)) {
      const known = new Set(values.map((value) => value.register));
      // Of two sensors for the same thing the first one counts.
      if (!notSensors.has(name))
        values.push(
          ...valuesFrom(fieldsOf(sensor) ?? {}, climate).filter(
            ({ register, unit }) => !known.has(register) && !(isFahrenheit && unit === "C"),
          ),
        );
    }
    if (values.length === 0) return result({ other: "telemetry", about: deviceId });
    const time = readInstant(fields["Time"]);
    return result({
      measured: [
        {
          deviceId,
          reading: {
            time: time ?? heardAt,
            timeSource: time === undefined ? "gateway" : "device",
            values,
          },
        },
      ],
    });
  },
};
