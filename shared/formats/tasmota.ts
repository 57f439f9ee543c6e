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
import { sourceId, valuesFrom, type NamedValue } from "./measured-values.ts";
import { fieldsOf } from "./message.ts";

const energy: Readonly<Record<string, NamedValue>> = {
  Total: { register: "1-0:1.8.0", unit: "kWh" },
  ExportTotal: { register: "1-0:2.8.0", unit: "kWh" },
  Power: { register: "1-0:1.7.0", unit: "W" },
  ApparentPower: { register: "1-0:9.7.0", unit: "W" },
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
};
/** Not of the room: the chip's own temperature, and settings. */
const notSensors = new Set(["ENERGY", "ESP32", "TIC", "ANALOG", "COUNTER"]);

/** `%prefix%/%topic%/SENSOR` in any order: what is left without prefix and command is the device. */
function deviceOf(topic: string | null) {
  const parts = (topic ?? "")
    .split("/")
    .filter(
      (part) => !["", "tele", "stat", "SENSOR", "STATE", "STATUS8", "STATUS10"].includes(part),
    );
  return sourceId("tasmota", ...parts);
}

export const tasmota: Format = {
  name: "tasmota",
  recognises({ topic, body }) {
    const fields = fieldsOf(body);
    if (fields === undefined || typeof fields["Time"] !== "string") return false;
    return (
      fieldsOf(fields["ENERGY"]) !== undefined ||
      (topic !== null && /\/(SENSOR|STATE)$/.test(topic))
    );
  },
  parse({ topic, body }, { heardAt }) {
    const fields = fieldsOf(body) ?? {};
    const deviceId = deviceOf(topic);
    const values: Value[] = valuesFrom(fieldsOf(fields["ENERGY"]) ?? {}, energy);
    const pulses = fieldsOf(fields["COUNTER"]);
    if (pulses !== undefined)
      values.push(...valuesFrom(pulses, { C1: { register: "pulses", unit: "count" } }));
    if (fields["TempUnit"] !== "F")
      for (const [name, sensor] of Object.entries(fields)) {
        const known = new Set(values.map((value) => value.register));
        // Of two sensors for the same thing the first one counts.
        if (!notSensors.has(name))
          values.push(
            ...valuesFrom(fieldsOf(sensor) ?? {}, climate).filter(
              (value) => !known.has(value.register),
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
