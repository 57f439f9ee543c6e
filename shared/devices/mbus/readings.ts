/**
 * `readings`: a whole M-Bus message as readings: the current one, those with a date of their own,
 * and the rows of profiles.
 *
 * Records with one storage number belong together; a date among them is theirs. A storage number
 * above 0 without a date is of an unknown time and left out.
 */
import type { DecodedReading } from "#shared/model/decoder.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import type { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";
import { FORWARD_PROFILES, INVERSE_PROFILE, profileValues } from "./profile.ts";
import { namingBytes } from "./quantities.ts";
import type { MbusRecord } from "./records.ts";
import { valueOf, type Medium } from "./registers.ts";

/** A maker's own records as values; undefined for those that are none. */
export type OwnRecords = (record: MbusRecord) => Value | undefined;

const modifiersOf = ({ vib }: MbusRecord) => vib.slice(namingBytes(vib)).map((byte) => byte & 0x7f);
const profileOf = (record: MbusRecord): "inverse" | "forward" | null => {
  const modifiers = modifiersOf(record);
  if (modifiers.includes(INVERSE_PROFILE)) return "inverse";
  return modifiers.some((modifier) => FORWARD_PROFILES.includes(modifier)) ? "forward" : null;
};

/** A profile's base: same storage number, quantity and scale. */
function baseOf(profile: MbusRecord, records: readonly MbusRecord[]): MbusRecord | undefined {
  const { name, scale } = profile.quantity;
  return records.find(
    (record) =>
      record.storage === profile.storage &&
      record.quantity.name === name &&
      record.quantity.scale === scale &&
      record.data.type === "number" &&
      profileOf(record) === null,
  );
}

function rowOf(
  profile: MbusRecord,
  records: readonly MbusRecord[],
  time: number | undefined,
  medium: Medium,
  reader: ByteReader,
): DecodedReading[] {
  const base = baseOf(profile, records);
  const kind = profileOf(profile);
  if (
    base === undefined ||
    base.data.type !== "number" ||
    time === undefined ||
    profile.data.type !== "bytes"
  )
    return reader.fail("has a profile without its base value or time");
  const register = medium(base);
  if (register === undefined) return [];
  const { quantity, data } = base;
  return profileValues(profile.data.bytes, { time, n: data.n }, kind === "inverse").map(
    (value) => ({
      time: value.time,
      values: [exact(register, value.n, data.scale + quantity.scale, quantity.unit)],
    }),
  );
}

/** The highest and the lowest of a period, where they have registers of their own. */
const extremes: Readonly<Record<string, { max: RegisterId; min: RegisterId }>> = {
  "8-0:9.0.0": { max: "water_flow_max", min: "water_flow_min" },
  water_temperature: { max: "water_temperature_max", min: "water_temperature_min" },
};

function plainValue(record: MbusRecord, medium: Medium, own: OwnRecords): Value | undefined {
  const special = own(record);
  if (special !== undefined || record.function === "error" || record.vib[0] === 0xff)
    return special;
  const value = valueOf(record, medium);
  if (value === undefined || record.function === "current") return value;
  const register = extremes[value.register]?.[record.function];
  return register === undefined ? undefined : { ...value, register };
}

/**
 * @param reader where the message was read from, to name the place of a refusal
 * @throws Fault "invalid" when a profile has no base
 */
export function readingsOf(
  records: readonly MbusRecord[],
  medium: Medium,
  own: OwnRecords,
  reader: ByteReader,
): DecodedReading[] {
  const times = new Map<number, number>();
  for (const { storage, time, function: fn } of records)
    if (time !== undefined && fn === "current" && !times.has(storage)) times.set(storage, time);
  const groups = new Map<number, Map<RegisterId, Value>>();
  const rows: DecodedReading[] = [];
  for (const record of records) {
    if (profileOf(record) !== null) {
      rows.push(...rowOf(record, records, times.get(record.storage), medium, reader));
      continue;
    }
    const value = record.subunit === 0 ? plainValue(record, medium, own) : undefined;
    const group = groups.get(record.storage) ?? new Map<RegisterId, Value>();
    if (value !== undefined && !group.has(value.register)) group.set(value.register, value);
    groups.set(record.storage, group);
  }
  const readings = [...groups].flatMap(([storage, values]): DecodedReading[] => {
    const time = times.get(storage);
    if (values.size === 0 || (storage > 0 && time === undefined)) return [];
    return [{ ...(time === undefined ? {} : { time }), values: [...values.values()] }];
  });
  return [...readings, ...rows];
}
