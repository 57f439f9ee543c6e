/**
 * Kamstrup meters with OMS over LoRaWAN (flowIQ, MULTICAL), Sensus iPERL, and any other meter that sends plain
 * M-Bus messages over LoRaWAN: current values, values with a date, and hourly history as a compact
 * profile.
 *
 * @see EN 13757-3:2018 and 13757-7:2018; Kamstrup, "flowIQ LoRaWAN datagrams", maker's own VIFs
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";
import { readHeader } from "../mbus/header.ts";
import { readingsOf, type OwnRecords } from "../mbus/readings.ts";
import { readRecords, type MbusRecord } from "../mbus/records.ts";
import { heatMedium, waterMedium, type Medium } from "../mbus/registers.ts";

/** Kamstrup's own: what follows the VIF FFh. */
const INFO_WATER = 0x25;
const INFO_HEAT = 0x22;
const NOISE = 0x1b;
const NOISE_LAST_DAY = 0x1c;
const NOISE_ABSENT = 0x0fff;

const own: OwnRecords = ({ vib, data }): Value | undefined => {
  if (vib[0] !== 0xff || data.type !== "number") return undefined;
  const n = data.bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
  const kind = vib[1];
  if (kind === INFO_WATER || kind === INFO_HEAT) return exact("error_flags", n, 0, "none");
  const isNoise = (kind === NOISE || kind === NOISE_LAST_DAY) && n !== NOISE_ABSENT;
  return isNoise ? exact("acoustic_noise", n, 0, "none") : undefined;
};

const heatTypes: readonly number[] = [0x04, 0x0c, 0x0d];
const waterTypes: readonly number[] = [0x06, 0x07, 0x15, 0x16];

/** By the header's word, else by what is in it: only heat meters count energy. */
function mediumOf(deviceType: number | null, records: readonly MbusRecord[]): Medium {
  if (deviceType !== null && heatTypes.includes(deviceType)) return heatMedium;
  if (deviceType !== null && waterTypes.includes(deviceType)) return waterMedium;
  return records.some(({ quantity }) => quantity.name === "energy") ? heatMedium : waterMedium;
}

const registers: readonly RegisterId[] = [
  "8-0:1.0.0",
  "8-0:2.0.0",
  "8-0:9.0.0",
  "water_flow_min",
  "water_flow_max",
  "water_temperature",
  "water_temperature_min",
  "water_temperature_max",
  "ambient_temperature",
  "acoustic_noise",
  "6-0:1.0.0",
  "6-0:1.0.1",
  "6-0:1.0.2",
  "6-0:1.0.3",
  "6-0:2.0.0",
  "6-0:8.0.0",
  "6-0:9.0.0",
  "6-0:10.0.0",
  "6-0:11.0.0",
  "6-0:12.0.0",
  "serial",
  "error_flags",
  "battery_low",
];

const POWER_LOW = 2;

/** What the header says of the meter, unless the records say it better. */
function headerValues(serial: number | null, status: number | null): Value[] {
  const values: Value[] = [];
  if (status !== null) {
    values.push(exact("battery_low", (status >> POWER_LOW) & 1, 0, "none"));
    values.push(exact("error_flags", status & ~(1 << POWER_LOW), 0, "none"));
  }
  if (serial !== null) values.push(exact("serial", serial, 0, "none"));
  return values;
}

const meter = (model: string, title: string, kind: MeterKindId): Decoder => ({
  model,
  version: 2,
  title,
  kind,
  registers,
  decode(payload) {
    const reader = new ByteReader(payload);
    const { serial, deviceType, status } = readHeader(reader);
    const { records } = readRecords(reader);
    if (records.length === 0) reader.fail("holds no record");
    const [now, ...others] = readingsOf(records, mediumOf(deviceType, records), own, reader);
    const said = new Set(now?.values.map(({ register }) => register));
    const more = headerValues(serial, status).filter(({ register }) => !said.has(register));
    if (now === undefined) return more.length > 0 ? [{ values: more }] : [];
    return [{ ...now, values: [...now.values, ...more] }, ...others];
  },
});

export const kamstrupFlowIq = meter("kamstrup/flowiq2200", "Kamstrup flowIQ 2200", "cold_water");
export const kamstrupMultical = meter(
  "kamstrup/multical",
  "Kamstrup MULTICAL (OMS over LoRaWAN)",
  "heat",
);
export const sensusIperl = meter("sensus/iperl", "Sensus iPERL (OMS over LoRaWAN)", "cold_water");
export const omsMeter = meter(
  "oms/meter",
  "OMS meter over LoRaWAN, not encrypted by itself",
  "cold_water",
);
