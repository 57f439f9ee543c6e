/**
 * `wmbusmeters`: one flat JSON object for each wireless M-Bus telegram, on a topic of anyone's
 * choosing. The meter is known by its printed number; its given name is not kept.
 *
 * Values of a past due date (`target_…`) are left out: their date is a local one.
 */
import type { RegisterId } from "#shared/model/registers.ts";
import { result, type Format } from "./format.ts";
import { readInstant } from "./instants.ts";
import { sourceId, valuesFrom, type NamedValue } from "./measured-values.ts";
import { fieldsOf } from "./message.ts";

/** Where `total_m3` belongs, by the meter's medium. */
function volumeOf(media: string): RegisterId {
  if (media.includes("gas")) return "7-0:3.0.0";
  if (media.includes("heat") || media.includes("cooling")) return "6-0:2.0.0";
  return media.includes("warm") || media.includes("hot") ? "9-0:1.0.0" : "8-0:1.0.0";
}
/** Where an energy total belongs. */
function energyOf(media: string): RegisterId {
  if (media.includes("electric")) return "1-0:1.8.0";
  return media.includes("cooling") && !media.includes("heat") ? "5-0:1.0.0" : "6-0:1.0.0";
}

function tableOf(media: string): Readonly<Record<string, NamedValue>> {
  const isWater = media.includes("water");
  const isElectric = media.includes("electric");
  const energy = energyOf(media);
  return {
    total_m3: { register: volumeOf(media), unit: "m3" },
    total_volume_m3: { register: "6-0:2.0.0", unit: "m3" },
    total_energy_consumption_kwh: { register: energy, unit: "kWh" },
    total_heating_kwh: { register: "6-0:1.0.0", unit: "kWh" },
    total_cooling_kwh: { register: "5-0:1.0.0", unit: "kWh" },
    total_energy_production_kwh: { register: "1-0:2.8.0", unit: "kWh" },
    total_energy_consumption_tariff_1_kwh: {
      register: isElectric ? "1-0:1.8.1" : "6-0:1.0.1",
      unit: "kWh",
    },
    total_energy_consumption_tariff_2_kwh: {
      register: isElectric ? "1-0:1.8.2" : "6-0:1.0.2",
      unit: "kWh",
    },
    voltage_at_phase_1_v: { register: "1-0:32.7.0", unit: "V" },
    voltage_at_phase_2_v: { register: "1-0:52.7.0", unit: "V" },
    voltage_at_phase_3_v: { register: "1-0:72.7.0", unit: "V" },
    current_at_phase_1_a: { register: "1-0:31.7.0", unit: "A" },
    current_at_phase_2_a: { register: "1-0:51.7.0", unit: "A" },
    current_at_phase_3_a: { register: "1-0:71.7.0", unit: "A" },
    t1_temperature_c: { register: "6-0:10.0.0", unit: "C" },
    t2_temperature_c: { register: "6-0:11.0.0", unit: "C" },
    forward_temperature_c: { register: "6-0:10.0.0", unit: "C" },
    total_kwh: { register: energy, unit: "kWh" },
    total_mj: { register: energy, unit: "MJ" },
    total_gj: { register: energy, unit: "GJ" },
    current_power_consumption_kw: { register: "1-0:1.7.0", unit: "kW" },
    power_kw: { register: isElectric ? "1-0:1.7.0" : "6-0:8.0.0", unit: "kW" },
    volume_flow_m3h: { register: isWater ? "8-0:9.0.0" : "6-0:9.0.0", unit: "m3/h" },
    flow_temperature_c: { register: isWater ? "water_temperature" : "6-0:10.0.0", unit: "C" },
    return_temperature_c: { register: "6-0:11.0.0", unit: "C" },
    external_temperature_c: { register: "ambient_temperature", unit: "C" },
    current_consumption_hca: { register: "4-0:1.0.0", unit: "none" },
    temperature_c: { register: "temperature", unit: "C" },
    current_temperature_c: { register: "temperature", unit: "C" },
    relative_humidity_rh: { register: "humidity", unit: "%" },
    current_relative_humidity_rh: { register: "humidity", unit: "%" },
    battery_v: { register: "battery_voltage", unit: "V" },
  };
}

export const wmbusmeters: Format = {
  name: "wmbusmeters",
  recognises({ body }) {
    const fields = fieldsOf(body);
    return (
      fields !== undefined &&
      typeof fields["meter"] === "string" &&
      typeof fields["id"] === "string" &&
      /^[0-9a-f]{8}$/i.test(fields["id"]) &&
      ("media" in fields || fields["_"] === "telegram")
    );
  },
  parse({ body }, { heardAt }) {
    const fields = fieldsOf(body) ?? {};
    const deviceId = sourceId("wmbus", String(fields["id"]));
    const media = typeof fields["media"] === "string" ? fields["media"].toLowerCase() : "";
    const values = valuesFrom(fields, tableOf(media));
    if (typeof fields["status"] === "string")
      values.push({
        register: "alarm",
        n: /^(ok)?$/i.test(fields["status"]) ? 0 : 1,
        scale: 0,
        unit: "none",
      });
    // Two names for one register: the first counts.
    const once = values.filter(
      (value, i) => values.findIndex((other) => other.register === value.register) === i,
    );
    if (once.length === 0) return result({ other: "telegram", about: deviceId });
    const time = readInstant(fields["timestamp"]);
    return result({
      measured: [
        {
          deviceId,
          reading: {
            time: time ?? heardAt,
            timeSource: time === undefined ? "gateway" : "server",
            values: once,
          },
        },
      ],
    });
  },
};
