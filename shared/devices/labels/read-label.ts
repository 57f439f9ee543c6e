/**
 * `read-label`: makes out which device a label speaks of: the LoRa Alliance's QR code, or what makers
 * print beside it: JSON, an address, words with values behind them, a bare EUI. For scanners, photos
 * and what is typed by hand.
 *
 * Pure and without a library: the same on the hub, on the gateway and in a browser. Must never throw,
 * whatever is scanned, and never guess a key.
 */
import type { LabelRead } from "./label-read.ts";
import { readTr005 } from "./tr005.ts";

/** What a QR code can hold is shorter; what is longer is no label. */
export const LONGEST_LABEL = 4_296;

export function readLabel(scanned: string): LabelRead {
  // Scanner guns send what ends a line; some codes begin with a mark of byte order.
  const text = scanned
    .replaceAll(/\p{Cc}|\uFEFF/gu, (one) => (/\s/.test(one) && one !== "\uFEFF" ? "\n" : ""))
    .trim();
  if (text.length > LONGEST_LABEL)
    return { format: "words", problems: ["this is longer than a label can be"] };
  const read = readTr005(text) ?? readJson(text) ?? readAddress(text) ?? readWords(text);
  if (read.devEui === undefined && read.problems.length === 0)
    return { ...read, problems: ["no DevEUI (16 hex digits) stands in it"] };
  return read;
}

type Field = "devEui" | "joinEui" | "appKey" | "serial" | "model";

/** Names as makers write them, without case, spaces and signs. */
const NAMES: Readonly<Record<string, Field>> = {
  deveui: "devEui",
  deveuid: "devEui",
  eui: "devEui",
  eui64: "devEui",
  deviceeui: "devEui",
  loradeveui: "devEui",
  joineui: "joinEui",
  appeui: "joinEui",
  applicationeui: "joinEui",
  appkey: "appKey",
  applicationkey: "appKey",
  nwkkey: "appKey",
  key: "appKey",
  sn: "serial",
  serial: "serial",
  serialnumber: "serial",
  serialno: "serial",
  serno: "serial",
  meterid: "serial",
  model: "model",
  pn: "model",
  partnumber: "model",
  product: "model",
  type: "model",
};
const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
const fieldOf = (name: string): Field | undefined =>
  Object.hasOwn(NAMES, plain(name)) ? NAMES[plain(name)] : undefined;

/** What a value says for a field; the first that says something counts. */
function collect(
  format: LabelRead["format"],
  pairs: Iterable<readonly [Field, string]>,
): LabelRead {
  const found: Partial<Record<Field, string>> = {};
  const problems: string[] = [];
  const digits = { devEui: 16, joinEui: 16, appKey: 32 } as const;
  const titles = { devEui: "DevEUI", joinEui: "JoinEUI", appKey: "key" } as const;
  for (const [field, told] of pairs) {
    if (found[field] !== undefined) continue;
    if (field === "serial" || field === "model") {
      const value = told.trim().slice(0, 64);
      if (value !== "") found[field] = value;
      continue;
    }
    const value = told.replaceAll(/^0x|[\s:.-]/gi, "").toLowerCase();
    if (value === "") continue;
    if (new RegExp(`^[0-9a-f]{${digits[field]}}$`).test(value)) found[field] = value;
    else problems.push(`the ${titles[field]} is not ${digits[field]} hex digits`);
  }
  return { format, ...found, problems };
}

function readJson(text: string): LabelRead | undefined {
  if (!text.startsWith("{") && !text.startsWith("[")) return undefined;
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return undefined;
  }
  const pairs: [Field, string][] = [];
  const look = (value: unknown, depth: number) => {
    if (typeof value !== "object" || value === null || depth > 4) return;
    for (const [name, inner] of Object.entries(value).slice(0, 200)) {
      const field = fieldOf(name);
      if (field && (typeof inner === "string" || typeof inner === "number"))
        pairs.push([field, String(inner)]);
      else look(inner, depth + 1);
    }
  };
  look(said, 0);
  return collect("json", pairs);
}

function readAddress(text: string): LabelRead | undefined {
  if (!/^https?:\/\/\S+$/i.test(text) || !URL.canParse(text)) return undefined;
  const { searchParams, pathname, hash } = new URL(text);
  const pairs: [Field, string][] = [];
  for (const [name, value] of [
    ...searchParams,
    ...new URLSearchParams(hash.replace(/^#\??/, "")),
  ]) {
    const field = fieldOf(name);
    if (field) pairs.push([field, value]);
  }
  for (const part of pathname.split("/"))
    if (/^[0-9a-f]{16}$/i.test(part)) pairs.push(["devEui", part]);
  return collect("address", pairs);
}

const HEX = "(?:0x)?[0-9a-f]{2}(?:[ :.-]?[0-9a-f]{2})";
const EUI = new RegExp(`^${HEX}{7}$`, "i");

/** `DevEUI: 24-E1-24…`, a line each or all in one; without names, by length and place. */
function readWords(text: string): LabelRead {
  if (EUI.test(text)) return collect("eui", [["devEui", text]]);
  const pairs: [Field, string][] = [];
  const parts = text.split(/[\n\r\t;,|]+/).flatMap((part) => namedIn(part.trim()));
  for (const [name, value] of parts) {
    const field = fieldOf(name);
    if (field) pairs.push([field, value]);
  }
  if (pairs.some(([field]) => field === "devEui")) return collect("words", pairs);
  const bare = text.split(/[\s;,|/]+/).map((part) => part.replaceAll(/[:.-]/g, ""));
  const euis = bare.filter((part) => /^[0-9a-f]{16}$/i.test(part));
  const keys = bare.filter((part) => /^[0-9a-f]{32}$/i.test(part));
  if (euis[0] !== undefined) pairs.push(["devEui", euis[0]]);
  if (euis[1] !== undefined) pairs.push(["joinEui", euis[1]]);
  // Of two keys nobody can say which is the root key.
  if (keys.length === 1) pairs.push(["appKey", keys[0] as string]);
  return collect("words", pairs);
}

/** The names in a piece of text with what stands behind each, up to the next one. */
function namedIn(part: string): [string, string][] {
  const found: { name: string; from: number; to: number }[] = [];
  const names =
    /\b((?:lora\s*)?(?:dev(?:ice)?|join|app(?:lication)?)[\s_-]*(?:eui|key)|nwk[\s_-]*key|eui(?:64)?|s\/?n|serial(?:[\s_-]*(?:number|no))?|p\/?n|part[\s_-]*number|model|key|type)(?:\s*[:=#.]\s*|\s+)/gi;
  for (const match of part.matchAll(names))
    found.push({ name: match[1] as string, from: match.index, to: match.index + match[0].length });
  return found.map(({ name, to }, i) => [name, part.slice(to, found[i + 1]?.from).trim()]);
}
