/**
 * `tr005`: the QR code of the LoRa Alliance on a device (TR005 "LoRaWAN Device Identification QR
 * Codes"): `LW:D0:<JoinEUI>:<DevEUI>:<ProfileID>` and up to four more fields, each with its letter
 * (`O` owner token, `S` serial number, `P` proprietary, `C` checksum) or, as earlier labels have
 * them, by their place alone. Also the two forms of its drafts, `URN:LW:DP:` and `URN:DEV:LW:`.
 */
import type { LabelRead } from "./label-read.ts";

const LETTERS = "OSPC";

/** Undefined when the text is not of this kind at all; with `problems` when it is and is damaged. */
export function readTr005(text: string): LabelRead | undefined {
  const final = /^LW:D0:/i.exec(text) ?? /^URN:LW:DP:/i.exec(text);
  if (final) return fieldsOf(text, text.slice(final[0].length).split(":"));
  const draft = /^URN:DEV:LW:/i.exec(text);
  if (!draft) return undefined;
  // `{JoinEUI}_{DevEUI}_{ProfileID}_V…`: what follows is told by its letter.
  return fieldsOf(text, text.slice(draft[0].length).split("_"));
}

function fieldsOf(
  text: string,
  [joinEui = "", devEui = "", profile = "", ...more]: string[],
): LabelRead {
  const problems: string[] = [];
  const hex = (value: string, digits: number, name: string) => {
    if (new RegExp(`^[0-9a-f]{${digits}}$`, "i").test(value)) return value.toLowerCase();
    problems.push(`the ${name} is not ${digits} hex digits`);
    return undefined;
  };
  const found = {
    joinEui: hex(joinEui, 16, "JoinEUI"),
    devEui: hex(devEui, 16, "DevEUI"),
    profileId: hex(profile, 8, "ProfileID"),
  };
  const { serial, proprietary, checksum } = optional(more);
  if (checksum !== undefined) {
    const end = text.toUpperCase().lastIndexOf(`:${checksum.told.toUpperCase()}`);
    if (!/^[0-9a-f]{4}$/i.test(checksum.value)) problems.push("the checksum is not 4 hex digits");
    else if (crc16(text.slice(0, end)) !== Number.parseInt(checksum.value, 16))
      problems.push("the checksum does not fit: the code was misread or damaged");
  }
  return {
    format: "tr005",
    devEui: found.devEui,
    joinEui: found.joinEui,
    profileId: found.profileId,
    serial,
    ...(proprietary === undefined ? {} : keyIn(proprietary)),
    problems,
  };
}

interface Optional {
  readonly serial?: string | undefined;
  readonly proprietary?: string | undefined;
  readonly checksum?: { readonly value: string; readonly told: string } | undefined;
}

function optional(fields: readonly string[]): Optional {
  const letters = fields.map((field) => field.slice(0, 1).toUpperCase());
  const isLettered =
    fields.length > 0 &&
    letters.every(
      (letter, i) =>
        letter !== "" &&
        LETTERS.includes(letter) &&
        (i === 0 || LETTERS.indexOf(letter) > LETTERS.indexOf(letters[i - 1] as string)),
    );
  const of = (place: number) => {
    const told = isLettered ? fields[letters.indexOf(LETTERS[place] as string)] : fields[place];
    if (told === undefined || told === "") return undefined;
    return { told, value: isLettered ? told.slice(1) : told };
  };
  return { serial: of(1)?.value, proprietary: of(2)?.value, checksum: of(3) };
}

/** Some makers put the root key into the proprietary field. */
function keyIn(proprietary: string): Pick<LabelRead, "appKey"> {
  const key = /(?:^|[^0-9a-f])([0-9a-f]{32})(?:$|[^0-9a-f])/i.exec(proprietary)?.[1];
  return key === undefined ? {} : { appKey: key.toLowerCase() };
}

/** CRC-16/MODBUS over the text before the checksum's colon. */
export function crc16(text: string): number {
  let crc = 0xffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}
