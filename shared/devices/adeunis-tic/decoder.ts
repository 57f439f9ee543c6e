/**
 * Adeunis TIC: reads the customer's interface of French electricity meters: CBE and Linky in
 * historic mode with one and three phases, and PME-PMI.
 *
 * Each field is a number of four bytes, 80000000h where the meter does not send it. Of a meter
 * with two tariffs the sum is reported as well, so that it has a total like any other.
 *
 * @see Adeunis TIC user guide, "Frame 0x49"; Enedis-NOI-CPT_54E, "Historic TIC"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const DATA_FRAME = 0x49;
/** Settings, network, keep-alive, and alarms in text. */
const silentFrames = [0x10, 0x20, 0x30, 0x33, 0x37, 0x4a];
const NOT_FOUND = 0x80000000;

/** A part of the frame: bytes of text to pass over, or a number for a register. */
type Part = number | readonly [RegisterId, Unit];

const mono: readonly Part[] = [
  12, // meter's address
  4, // tariff option
  ["1-0:1.8.0", "Wh"],
  ["current_subscribed", "A"],
  ["1-0:11.7.0", "A"],
  ["current_max", "A"],
  ["1-0:9.7.0", "VA"],
  ["1-0:1.8.1", "Wh"],
  ["1-0:1.8.2", "Wh"],
  4, // tariff in force
];
const tri: readonly Part[] = [
  12,
  ["1-0:1.8.0", "Wh"],
  ["1-0:31.7.0", "A"],
  ["1-0:51.7.0", "A"],
  ["1-0:71.7.0", "A"],
  ["current_max", "A"],
  ["current_max_2", "A"],
  ["current_max_3", "A"],
  ["1-0:1.6.0", "W"],
  ["1-0:9.7.0", "VA"],
];
const pmePmi: readonly Part[] = [
  6, // the meter's clock, in local time
  ["1-0:1.9.0", "Wh"],
  ["1-0:3.9.0", "varh"],
  ["1-0:4.9.0", "varh"],
  ["1-0:9.9.0", "VAh"],
  3, // tariff in force
  ["1-0:1.8.0", "kWh"],
  ["1-0:3.8.0", "kvarh"],
  ["1-0:4.8.0", "kvarh"],
  ["energy_previous", "kWh"],
  ["reactive_previous", "kvarh"],
  ["reactive_export_previous", "kvarh"],
];

function readParts(reader: ByteReader, parts: readonly Part[]): Value[] {
  const values: Value[] = [];
  for (const part of parts) {
    if (typeof part === "number") {
      reader.skip(part);
      continue;
    }
    const [register, unit] = part;
    const n = reader.u32be();
    if (n !== NOT_FOUND) values.push(exact(register, n, 0, unit));
  }
  reader.end();
  return values;
}

/** The total of two tariffs, where the meter has no total of its own. */
function totalOf(values: readonly Value[]): Value[] {
  const find = (register: RegisterId) => values.find((value) => value.register === register);
  const low = find("1-0:1.8.1");
  const high = find("1-0:1.8.2");
  return find("1-0:1.8.0") === undefined && low !== undefined && high !== undefined
    ? [exact("1-0:1.8.0", low.n + high.n, 0, "Wh")]
    : [];
}

const reader = (name: string, title: string, parts: readonly Part[]): Decoder => ({
  model: `adeunis/${name}`,
  version: 1,
  title,
  kind: "electricity",
  registers: [...new Set(parts.flatMap((part) => (typeof part === "number" ? [] : [part[0]])))],
  decode(payload) {
    const bytes = new ByteReader(payload);
    const code = bytes.u8();
    if (silentFrames.includes(code)) return [];
    if (code !== DATA_FRAME) bytes.fail(`is an unknown frame ${code.toString(16)}`);
    bytes.skip(1); // state of the reader
    const values = readParts(bytes, parts);
    return values.length > 0 ? [{ values: [...values, ...totalOf(values)] }] : [];
  },
});

export const ticLinkyMono = reader("tic-cbe-linky-mono", "Adeunis TIC CBE/LINKY MONO", mono);
export const ticLinkyTri = reader("tic-cbe-linky-tri", "Adeunis TIC CBE/LINKY TRI", tri);
export const ticPmePmi = reader("tic-pme-pmi", "Adeunis TIC PME-PMI", pmePmi);
