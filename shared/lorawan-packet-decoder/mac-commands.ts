/**
 * MAC commands between bytes and values, in the clear: from FOpts (deciphered, in 1.1) or from the
 * FRMPayload of port 0.
 *
 * The bytes do not say how long a command is; so after one that is not known nothing more can be
 * read, and what stood before it must not be lost.
 */
import { byteArray, objectValue } from "./argument.ts";
import { LorawanError } from "./lorawan-error.ts";
import type { Field } from "./mac-command-field.ts";
import { MAC_COMMANDS, type MacCommand, type MacCommandName } from "./mac-command-table.ts";
import type { Direction, LorawanVersion } from "./phy.ts";

/** What a run of MAC commands says. */
export interface MacCommandRun {
  /** In the order they stand, up to the end or to what could not be read. */
  commands: MacCommand[];
  /** Why reading stopped early: `unknown_cid` or `mac_length`. Undefined when all was read. */
  error: LorawanError | undefined;
  /** What was not read, identifier first. Empty when all was. */
  rest: Uint8Array;
}

interface Entry {
  name: MacCommandName;
  size: number;
  fields: readonly (readonly [string, Field<number> | Field<boolean>])[];
}

const byCid: Record<LorawanVersion, Record<Direction, Map<number, Entry>>> = {
  "1.0": { up: new Map(), down: new Map() },
  "1.1": { up: new Map(), down: new Map() },
};
for (const [name, layout] of Object.entries(MAC_COMMANDS)) {
  const entry = {
    name: name as MacCommandName,
    size: layout.size,
    fields: Object.entries<Entry["fields"][number][1]>(layout.fields),
  };
  byCid["1.1"][layout.direction].set(layout.cid, entry);
  if (layout.since === "1.0") byCid["1.0"][layout.direction].set(layout.cid, entry);
}

function tableOf(direction: Direction, version: LorawanVersion): Map<number, Entry> {
  const table = Object.hasOwn(byCid, version) ? byCid[version] : undefined;
  if (table === undefined) throw new LorawanError("bad_argument", 'version must be "1.0" or "1.1"');
  if (direction !== "up" && direction !== "down")
    throw new LorawanError("bad_argument", 'direction must be "up" or "down"');
  return table[direction];
}

/**
 * Reads MAC commands up to the first that is not known or is cut off.
 *
 * @param bytes in the clear
 * @param direction of the frame they travelled in
 * @param version `1.1` knows all that `1.0` knows, and more
 * @throws {LorawanError} `bad_argument` only; what is wrong with the bytes stands in the result
 */
export function parseMacCommands(
  bytes: Uint8Array,
  direction: Direction,
  version: LorawanVersion = "1.1",
): MacCommandRun {
  byteArray(bytes, "MAC commands");
  const table = tableOf(direction, version);
  const commands: MacCommand[] = [];
  let at = 0;
  while (at < bytes.length) {
    const cid = bytes[at]!;
    const entry = table.get(cid);
    if (entry === undefined) {
      const error = new LorawanError(
        "unknown_cid",
        `no ${direction}link command 0x${cid.toString(16).padStart(2, "0")} in ${version}`,
      );
      return { commands, error, rest: new Uint8Array(bytes.subarray(at)) };
    }
    if (at + 1 + entry.size > bytes.length) {
      const error = new LorawanError(
        "mac_length",
        `${entry.name} takes ${entry.size} bytes, ${bytes.length - at - 1} are left`,
      );
      return { commands, error, rest: new Uint8Array(bytes.subarray(at)) };
    }
    commands.push(readCommand(bytes, at + 1, entry));
    at += 1 + entry.size;
  }
  return { commands, error: undefined, rest: new Uint8Array(0) };
}

function readCommand(bytes: Uint8Array, at: number, entry: Entry): MacCommand {
  let whole = 0;
  for (let index = entry.size - 1; index >= 0; index--) whole = whole * 256 + bytes[at + index]!;
  const command: Record<string, unknown> = { name: entry.name };
  for (const [name, field] of entry.fields) {
    command[name] = field.read(Math.floor(whole / 2 ** field.at) % 2 ** field.width);
  }
  return command as MacCommand;
}

/**
 * The bytes of MAC commands, in the clear.
 *
 * @throws {LorawanError} `unknown_cid` for a command this direction and version has not,
 *   `out_of_range` and `bad_argument` for its values
 */
export function buildMacCommands(
  commands: readonly MacCommand[],
  direction: Direction,
  version: LorawanVersion = "1.1",
): Uint8Array {
  const table = tableOf(direction, version);
  if (!Array.isArray(commands)) throw new LorawanError("bad_argument", "commands must be an array");
  const bytes: number[] = [];
  for (const command of commands as readonly MacCommand[]) {
    const { name } = objectValue(command, "a command");
    const cid = Object.hasOwn(MAC_COMMANDS, name) ? MAC_COMMANDS[name].cid : -1;
    const entry = table.get(cid);
    if (entry?.name !== name)
      throw new LorawanError("unknown_cid", `no ${direction}link command ${name} in ${version}`);
    let whole = 0;
    for (const [fieldName, field] of entry.fields) {
      const value = (command as unknown as Record<string, never>)[fieldName];
      whole += field.write(value as never, `${name}.${fieldName}`) * 2 ** field.at;
    }
    bytes.push(cid);
    for (let index = 0; index < entry.size; index++)
      bytes.push(Math.floor(whole / 256 ** index) % 256);
  }
  return Uint8Array.from(bytes);
}
