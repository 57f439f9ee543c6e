/**
 * `acknowledged`: the simulator's own list of what the gateway said "received" to: the truth that
 * gateway and hub are compared with.
 *
 * A line of JSON per uplink, appended after its PUBACK or PUSH_ACK and never changed. A line cut
 * off by a kill is left out when the list is read, and no other line suffers. The same uplink may
 * stand here twice, when it was sent again after a restart.
 *
 * History: 1 = first release.
 */
import { createReadStream, existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface AcknowledgedUplink {
  readonly deviceId: string;
  /** The LoRaWAN device address it was sent under. */
  readonly devAddr: string;
  readonly fCnt: number;
  readonly payloadHex: string;
  /** When it was sent, ISO 8601. */
  readonly at: string;
  readonly way: "history" | "mqtt" | "lorawan";
  /** Of a device that nobody registered: it is in no community's segments. */
  readonly isStranger?: true;
}

export interface AcknowledgedList {
  /** Lines added by this process. */
  readonly added: number;
  add(uplink: AcknowledgedUplink): void;
  /** Resolves when everything added is with the system. */
  close(): Promise<void>;
}

const fileIn = (folder: string) => join(folder, "acknowledged.jsonl");

export async function openAcknowledged(folder: string): Promise<AcknowledgedList> {
  const handle = await open(fileIn(folder), "a");
  let waiting: string[] = [];
  let writing: Promise<void> | undefined;
  let added = 0;
  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const lines = waiting;
      waiting = [];
      await handle.appendFile(lines.join(""));
    }
    writing = undefined;
  };
  // A line that a kill cut off must not swallow the next one.
  if ((await handle.stat()).size > 0) await handle.appendFile("\n");
  return {
    get added() {
      return added;
    },
    add(uplink) {
      added += 1;
      waiting.push(`${JSON.stringify(uplink)}\n`);
      writing ??= write();
    },
    async close() {
      await writing;
      await handle.close();
    },
  };
}

/** Every whole line of the list, each uplink once, in the order acknowledged; nothing when there is no list yet. */
export async function readAcknowledged(folder: string): Promise<AcknowledgedUplink[]> {
  const found = new Map<string, AcknowledgedUplink>();
  if (!existsSync(fileIn(folder))) return [];
  const lines = createInterface({ input: createReadStream(fileIn(folder)), crlfDelay: Infinity });
  for await (const line of lines) {
    const uplink = wholeLine(line);
    if (uplink) found.set(keyOf(uplink), uplink);
  }
  return [...found.values()];
}

/** What makes two lines the same uplink. */
export function keyOf(
  uplink: Pick<AcknowledgedUplink, "deviceId" | "devAddr" | "fCnt" | "payloadHex">,
): string {
  return `${uplink.deviceId} ${uplink.devAddr} ${uplink.fCnt} ${uplink.payloadHex}`;
}

/**
 * The highest counter acknowledged for each device and address on air, by `deviceId devAddr`: what
 * a device's own memory must not be behind of.
 */
export async function newestOnAir(folder: string): Promise<ReadonlyMap<string, number>> {
  const newest = new Map<string, number>();
  if (!existsSync(fileIn(folder))) return newest;
  for await (const line of createInterface({ input: createReadStream(fileIn(folder)) })) {
    const uplink = line.includes('"way":"lorawan"') ? wholeLine(line) : undefined;
    if (!uplink) continue;
    const place = `${uplink.deviceId} ${uplink.devAddr}`;
    newest.set(place, Math.max(uplink.fCnt, newest.get(place) ?? -1));
  }
  return newest;
}

function wholeLine(line: string): AcknowledgedUplink | undefined {
  if (!line.startsWith("{") || !line.endsWith("}")) return undefined;
  try {
    return JSON.parse(line) as AcknowledgedUplink;
  } catch {
    return undefined;
  }
}
