/**
 * `netvox-frame`: eleven bytes that all Netvox devices send: version, device type, report type,
 * battery, and what the report type says; on port 6. Port 7 answers settings.
 *
 * @see Netvox LoRaWAN Application Command, "Data report"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { ByteReader } from "./byte-reader.ts";
import { exact } from "./exact.ts";

const SIZE = 11;
const VERSION = 0x01;
const REPORT_PORT = 6;
const ANSWER_PORT = 7;
const LOW_BATTERY = 0x80;

/** Report type → how to read what follows the battery. */
export type Reports = Readonly<Record<number, (reader: ByteReader) => Value[]>>;

/**
 * A decoder of one device type.
 *
 * @param withBattery report types that carry the battery; all, unless given
 */
export function netvox(
  name: string,
  title: string,
  type: number,
  registers: readonly RegisterId[],
  reports: Reports,
  withBattery?: readonly number[],
  kind: MeterKindId = "electricity",
): Decoder {
  return {
    model: `netvox/${name}`,
    version: 1,
    title,
    kind,
    registers,
    decode(payload, { fPort }) {
      const reader = new ByteReader(payload);
      if (fPort !== null && fPort !== REPORT_PORT && fPort !== ANSWER_PORT)
        reader.fail(`came on port ${fPort}`);
      if (payload.length !== SIZE) reader.fail(`has ${payload.length} bytes, not ${SIZE}`);
      const version = reader.u8();
      if (reader.u8() !== type) reader.fail("is of another device type");
      if (fPort === ANSWER_PORT) return [];
      if (version !== VERSION) reader.fail(`has version ${version}`);
      const report = reader.u8();
      if (report === 0) return []; // firmware and its date
      const read = reports[report];
      if (read === undefined) return reader.fail(`has an unknown report type ${report}`);
      const battery =
        withBattery === undefined || withBattery.includes(report)
          ? reader.u8() & ~LOW_BATTERY
          : null;
      // The rest is reserved and may hold anything.
      const values = read(reader);
      if (battery !== null) values.unshift(exact("battery_voltage", battery, -1, "V"));
      return values.length > 0 ? [{ values }] : [];
    },
  };
}
