/**
 * `zigbee2mqtt`: state messages of Zigbee devices behind Zigbee2MQTT.
 *
 * A device is known by its IEEE address where the message has one, else by its friendly name in
 * the topic. Battery devices give their cell's voltage in millivolts under the name that mains
 * devices use for volts.
 *
 * @see Zigbee2MQTT documentation, "MQTT topics and messages"
 */
import type { DeviceId } from "#shared/model/ids.ts";
import type { Value } from "#shared/model/registers.ts";
import { result, type Format } from "./format.ts";
import { readInstant } from "./instants.ts";
import { flagFrom, sourceId, valueFrom, valuesFrom, type NamedValue } from "./measured-values.ts";
import { fieldsOf } from "./message.ts";
import { looseNumber } from "./numbers.ts";

type Fields = Readonly<Record<string, unknown>>;
const table: Readonly<Record<string, NamedValue>> = {
  energy: { register: "1-0:1.8.0", unit: "kWh" },
  produced_energy: { register: "1-0:2.8.0", unit: "kWh" },
  power: { register: "1-0:1.7.0", unit: "W" },
  current: { register: "1-0:11.7.0", unit: "A" },
  power_factor: { register: "1-0:13.7.0", unit: "none" },
  ac_frequency: { register: "1-0:14.7.0", unit: "Hz" },
  temperature: { register: "temperature", unit: "C" },
  humidity: { register: "humidity", unit: "%" },
  pressure: { register: "pressure", unit: "hPa" },
  co2: { register: "co2", unit: "ppm" },
  illuminance: { register: "illuminance", unit: "lux" },
  battery: { register: "battery", unit: "%" },
  current_l1: { register: "1-0:31.7.0", unit: "A" },
  current_l2: { register: "1-0:51.7.0", unit: "A" },
  current_l3: { register: "1-0:71.7.0", unit: "A" },
  current_phase_b: { register: "1-0:51.7.0", unit: "A" },
  current_phase_c: { register: "1-0:71.7.0", unit: "A" },
  voltage_phase_b: { register: "1-0:52.7.0", unit: "V" },
  voltage_phase_c: { register: "1-0:72.7.0", unit: "V" },
  power_phase_b: { register: "1-0:41.7.0", unit: "W" },
  power_phase_c: { register: "1-0:61.7.0", unit: "W" },
  local_temperature: { register: "temperature", unit: "C" },
  occupied_heating_setpoint: { register: "temperature_target", unit: "C" },
  current_heating_setpoint: { register: "temperature_target", unit: "C" },
  pi_heating_demand: { register: "valve_position", unit: "%" },
  formaldehyd: { register: "hcho", unit: "mg/m3" },
  power_apparent: { register: "1-0:9.7.0", unit: "VA" },
  power_reactive: { register: "1-0:3.7.0", unit: "var" },
  soil_moisture: { register: "soil_moisture", unit: "%" },
  pm25: { register: "pm2_5", unit: "ug/m3" },
  pm10: { register: "pm10", unit: "ug/m3" },
  voc: { register: "tvoc", unit: "ppb" },
  illuminance_lux: { register: "illuminance", unit: "lux" },
  gas_consumed: { register: "7-0:3.0.0", unit: "m3" },
  water_consumed: { register: "8-0:1.0.0", unit: "m3" },
};

function deviceOf(topic: string | null, fields: Fields): DeviceId {
  const address = fieldsOf(fields["device"])?.["ieeeAddr"];
  if (typeof address === "string" && /^0x[0-9a-f]{16}$/i.test(address))
    return sourceId("zigbee", address.slice(2));
  return sourceId("zigbee", ...(topic ?? "").split("/").slice(1));
}

function statesOf(fields: Fields): Value[] {
  const contact = flagFrom(fields["contact"]);
  const states = [
    ["on", flagFrom(fields["state"])],
    ["leak", flagFrom(fields["water_leak"])],
    ["occupied", flagFrom(fields["occupancy"])],
    ["alarm", flagFrom(fields["smoke"])],
    ["gas_leak", flagFrom(fields["gas"])],
    ["tamper", flagFrom(fields["tamper"])],
    ["battery_low", flagFrom(fields["battery_low"])],
    // A contact that is closed is a door that is shut.
    ["open", contact === undefined ? undefined : 1 - contact],
  ] as const;
  return states.flatMap(([register, n]) =>
    n === undefined ? [] : [{ register, n, scale: 0, unit: "none" as const }],
  );
}

function voltageOf(fields: Fields): Value | undefined {
  const isCell = "battery" in fields || (looseNumber(fields["voltage"]) ?? 0) > 1000;
  return valueFrom(
    fields["voltage"],
    isCell
      ? { register: "battery_voltage", unit: "V", scale: -3 }
      : { register: "1-0:12.7.0", unit: "V" },
  );
}

function timeOf(fields: Fields): number | undefined {
  const seen = fields["last_seen"];
  return typeof seen === "number" && seen > 1.5e12 && seen < 1e14
    ? Math.floor(seen)
    : readInstant(seen);
}

/** Its base topic, unless somebody chose another; and what is said there of no device's state. */
const BASE = /^zigbee2mqtt\/./;
const OTHER = /^zigbee2mqtt\/(bridge\/.+|.+\/availability)$/;

export const zigbee2mqtt: Format = {
  name: "zigbee2mqtt",
  recognises({ topic, body }) {
    if (topic === null || /\/(set|get)$/.test(topic)) return false;
    if (OTHER.test(topic)) return true;
    const fields = fieldsOf(body);
    if (fields === undefined) return false;
    return ("linkquality" in fields || BASE.test(topic)) && topic.includes("/");
  },
  parse({ topic, body }, { heardAt }) {
    if (OTHER.test(topic ?? ""))
      return result({ other: (topic ?? "").includes("/bridge/") ? "bridge" : "availability" });
    const fields = fieldsOf(body) ?? {};
    const deviceId = deviceOf(topic, fields);
    // Two names for one register: the first of the table counts.
    const named = valuesFrom(fields, table);
    const values = [
      ...named.filter(
        ({ register }, i) => named.findIndex((other) => other.register === register) === i,
      ),
      ...[voltageOf(fields) ?? []].flat(),
      ...statesOf(fields),
    ];
    if (values.length === 0) return result({ other: "state", about: deviceId });
    const time = timeOf(fields);
    return result({
      measured: [
        {
          deviceId,
          reading: {
            time: time ?? heardAt,
            timeSource: time === undefined ? "gateway" : "server",
            values,
          },
        },
      ],
    });
  },
};
