/**
 * `witness`: which uplinks were acknowledged and are in no segment yet, in plain lines beside the
 * databases, so that after damage to an inbox the ledger can say device, time and count of what is
 * gone. It is a witness and no copy: no payload, no value.
 *
 * Not synced: after a power cut it may lack its last seconds, and then says less than was kept, never more.
 */
import { createReadStream } from "node:fs";
import { appendFile, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { InboxEntry } from "#shared/keep/inbox.ts";

/** One uplink that was acknowledged. */
export interface Seen {
  readonly n: number;
  readonly tenant: TenantName;
  readonly deviceId: DeviceId;
  /** Epoch ms by the clock it was heard with. */
  readonly heardAt: number;
}

export interface Witness {
  /** Takes what is durable in the inbox. Returns at once. */
  saw(entry: InboxEntry): void;
  /** Forgets what is certainly in segments: all places up to `n`. */
  sealedUpTo(n: number): Promise<void>;
  /** Writes what is in memory. */
  flush(): Promise<void>;
}

/** Lines of one file; files go whole. */
const LINES_PER_FILE = 20_000;
const FILE = /^seen-(\d{1,16})$/;

/** What an earlier process saw, in order; lines that cannot be read are left out. */
export async function* seenBefore(folder: string): AsyncGenerator<Seen> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => FILE.test(name));
  for (const name of files.sort((a, b) => firstN(a) - firstN(b))) {
    const lines = createInterface({ input: createReadStream(join(folder, name)) });
    for await (const line of lines) {
      const seen = parse(line);
      if (seen) yield seen;
    }
  }
}

/**
 * @param lastN the last place used before
 * @param onFailure a line could not be written: nothing depends on it, and a full disk says so elsewhere
 */
export async function witness(
  folder: string,
  { lastN: before, onFailure }: { lastN: number; onFailure: (error: unknown) => void },
): Promise<Witness> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const old = (await readdir(folder)).filter((name) => FILE.test(name));
  /** First place by file; the newest last. */
  let files = old.map(firstN).sort((a, b) => a - b);
  let current: number | undefined;
  let lines = 0;
  let waiting: string[] = [];
  let lastN = before;
  let writing: Promise<void> | undefined;

  const write = async () => {
    while (waiting.length > 0) {
      const text = waiting.join("");
      waiting = [];
      if (current === undefined || lines >= LINES_PER_FILE) {
        current = Number(/^\d+/.exec(text)?.[0]);
        files.push(current);
        lines = 0;
      }
      lines += text.length / 40;
      await appendFile(join(folder, `seen-${current}`), text, { mode: 0o600 }).catch(onFailure);
    }
    writing = undefined;
  };
  return {
    saw({ n, tenant, uplink }) {
      lastN = n;
      waiting.push(`${n} ${tenant} ${uplink.deviceId} ${uplink.heardAt}\n`);
      writing ??= Promise.resolve().then(write);
    },
    async sealedUpTo(n) {
      if (waiting.length > 0 || writing) return;
      // A file is done with when the next one begins within what is sealed.
      const isAll = lastN <= n;
      const done = files.filter((_, i) => isAll || (files[i + 1] ?? Infinity) <= n + 1);
      if (done.length === 0) return;
      files = files.filter((first) => !done.includes(first));
      if (current !== undefined && done.includes(current)) current = undefined;
      for (const first of done) await rm(join(folder, `seen-${first}`), { force: true });
    },
    async flush() {
      while (writing) await writing;
    },
  };
}

const firstN = (name: string) => Number(FILE.exec(name)?.[1]);

function parse(line: string): Seen | undefined {
  const [n, tenant, deviceId, heardAt, ...more] = line.split(" ");
  const parsed = { n: Number(n), heardAt: Number(heardAt) };
  if (more.length > 0 || !Number.isSafeInteger(parsed.n) || !Number.isSafeInteger(parsed.heardAt))
    return undefined;
  if (!TenantName.safeParse(tenant).success || !DeviceId.safeParse(deviceId).success)
    return undefined;
  return { ...parsed, tenant: tenant as TenantName, deviceId: deviceId as DeviceId };
}
