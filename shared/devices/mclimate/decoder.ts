/**
 * MClimate: radiator and water valves, thermostats, room sensors, CO₂ displays, a relay that meters.
 *
 * A keep-alive has one length for each model. Answers to commands stand in front of one, so that
 * the measurement is always the end of the frame. What the answers say are settings.
 *
 * @see the uplink decoders that MClimate publishes for each model
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import * as is from "./values.ts";

const KEEP_ALIVE = 0x01;
type Part = (reader: ByteReader) => readonly Value[];

function sensor(
  name: string,
  title: string,
  size: number,
  registers: readonly RegisterId[],
  parts: readonly Part[],
  kind: MeterKindId = "temperature",
): Decoder {
  return {
    model: `mclimate/${name}`,
    version: 1,
    title: `MClimate ${title}`,
    kind,
    registers,
    decode(payload) {
      const reader = new ByteReader(payload);
      reader.skip(Math.max(0, payload.length - size));
      if (reader.u8() !== KEEP_ALIVE) reader.fail("has no keep-alive");
      const values = parts.flatMap((part) => part(reader));
      reader.end();
      return [{ values }];
    },
  };
}

const climate = ["temperature", "humidity", "battery_voltage"] as const;

export const mclimate: readonly Decoder[] = [
  sensor(
    "ht-sensor",
    "HT Sensor",
    7,
    [...climate, "temperature_external"],
    [is.temperature, is.humidity, is.batteryTenths, is.thermistor],
  ),
  sensor(
    "open-close",
    "Open/Close Sensor",
    8,
    ["temperature_external", "battery_voltage", "open_count", "states"],
    [is.batteryByte, is.thermistor, is.openings, is.event],
  ),
  sensor(
    "co2-sensor",
    "CO2 Sensor",
    7,
    [...climate, "co2"],
    [is.co2, is.temperature, is.humidity, is.batteryByte],
  ),
  sensor(
    "co2-display",
    "CO2 Display",
    11,
    [...climate, "co2", "illuminance", "motion"],
    [is.temperature, is.humidity, is.battery, is.co2AndSource, is.lux, is.motion],
  ),
  sensor(
    "co2-display-lite",
    "CO2 Display Lite",
    10,
    [...climate, "co2", "illuminance"],
    [is.temperature, is.humidity, is.battery, is.co2AndSource, is.lux],
  ),
  sensor(
    "wireless-thermostat",
    "Wireless Thermostat",
    11,
    [...climate, "temperature_target", "illuminance", "motion"],
    [is.temperature, is.humidity, is.battery, is.targetDegrees, is.unmeasured, is.lux, is.motion],
  ),
  sensor(
    "fan-coil-thermostat",
    "Fan Coil Thermostat",
    11,
    ["temperature", "humidity", "temperature_target", "heating_state", "fan", "valve", "on"],
    [is.temperature, is.humidity, is.targetTenths, is.mode, is.unmeasured, is.fan, is.valve, is.on],
  ),
  sensor(
    "16aspm",
    "16A Switch & Power Meter",
    12,
    ["temperature", "1-0:1.8.0", "1-0:1.7.0", "1-0:12.7.0", "1-0:11.7.0", "relay"],
    [is.boardDegrees, is.power],
    "electricity",
  ),
];
