/**
 * `power-cut-run`: cuts a gateway's power so many times and compares after each cut.
 *
 * Each cut: the gateway starts on what the last one left, hears, and at a seeded moment (one in five
 * while it still starts) the disk is cut, the process killed, the disk mounted again. What it holds
 * is read from a copy, so that nobody but the gateway itself recovers its store. After ten cuts the
 * gateway is stopped in order, which seals everything, and the next ten begin on an empty disk.
 */
import { randomBytes } from "node:crypto";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashSecret } from "#shared/auth/secret-hash.ts";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { chance } from "#shared/testing/meters/chance.ts";
import { siteExample, TENANT, WATER_1A } from "#shared/testing/site-example.ts";
import type { CutDisk } from "./power-cut-disk.ts";
import { heldIn } from "./power-cut-held.ts";
import { spareGateway, type SpareGateway } from "./power-cut-process.ts";
import { METERS, traffic, type Sending, type Traffic } from "./power-cut-traffic.ts";
import { verdict, type Verdict } from "./power-cut-verdict.ts";

const CUTS_PER_DISK = 10;
/** The cut comes so long after the first uplink at most. */
const LATEST_MS = 2_000;
const WHILE_STARTING = 0.2;
/** Between cut and kill: a gateway that still says "received" is found out. */
const DYING_MS = 60;
const SETTLE_WITHIN_MS = 30_000;

export interface Row {
  readonly disk: number;
  cuts: number;
  "while starting": number;
  sent: number;
  acknowledged: number;
  "in doubt": number;
  lost: number;
  doubled: number;
  wrong: number;
  segments: number;
  seconds: number;
}

export interface RunOptions {
  readonly disk: CutDisk;
  /** On another disk than the one that is cut. */
  readonly folder: string;
  readonly cuts: number;
  readonly seed: number;
  /** Takes the gateway's syncs away. */
  readonly isUnsynced: boolean;
  /** A disk is done with. */
  readonly onRow: (row: Row) => void;
  /** What went wrong, in words. */
  readonly onFind: (find: string) => void;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** One row per disk. */
export async function powerCuts(options: RunOptions): Promise<Row[]> {
  const { disk, folder, cuts, isUnsynced, onRow } = options;
  const password = randomBytes(16).toString("hex");
  const usersFile = join(folder, "users");
  await writeFile(usersFile, `server:${await hashSecret(password)}\n`);
  const env = {
    EDGE_DATA: join(disk.folder, "edge"),
    EDGE_PORT: "0",
    UDP_PORT: "off",
    MQTT_PORT: "0",
    MQTT_USERS_FILE: usersFile,
  };
  const urlOf = (port: number) => `mqtt://server:${password}@127.0.0.1:${port}`;
  // One start per cut, and one per disk to seal it.
  let needed = cuts + Math.ceil(cuts / CUTS_PER_DISK);
  let spare: SpareGateway | undefined = spareGateway(isUnsynced);
  const take = (): SpareGateway => {
    const taken = spare ?? spareGateway(isUnsynced);
    needed -= 1;
    spare = needed > 0 ? spareGateway(isUnsynced) : undefined;
    return taken;
  };
  const rows: Row[] = [];
  try {
    for (let first = 0; first < cuts; first += CUTS_PER_DISK) {
      const last = Math.min(first + CUTS_PER_DISK, cuts);
      const row = await onOneDisk(options, { first, last, env, urlOf, take });
      onRow(row);
      rows.push(row);
    }
  } finally {
    await spare?.kill();
  }
  return rows;
}

interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly env: Readonly<Record<string, string>>;
  readonly urlOf: (port: number) => string;
  readonly take: () => SpareGateway;
}

async function onOneDisk(
  { disk, folder, seed, isUnsynced, onFind }: RunOptions,
  { first, last, env, urlOf, take }: Stretch,
): Promise<Row> {
  const startedMs = performance.now();
  await disk.format();
  await seedSite(join(env.EDGE_DATA as string, "db"));
  const said = traffic(`power-cut-${first}`);
  const row: Row = {
    disk: first / CUTS_PER_DISK + 1,
    cuts: 0,
    "while starting": 0,
    sent: 0,
    acknowledged: 0,
    "in doubt": 0,
    lost: 0,
    doubled: 0,
    wrong: 0,
    segments: 0,
    seconds: 0,
  };
  const compare = async (when: string, isSealed: boolean) => {
    const copy = join(folder, "copy");
    await cp(join(env.EDGE_DATA as string, "db"), copy, { recursive: true });
    const found = await heldIn(copy, TENANT).then(
      (held) => ({ ...verdict(held, said, isSealed), segments: held.segments.length }),
      (error: unknown): Verdict & { segments: number } => ({
        lost: [...said.acknowledged],
        doubled: [],
        wrong: [`the store cannot be read: ${String(error)}`],
        segments: 0,
      }),
    );
    await rm(copy, { recursive: true });
    // Of one disk: what is lost stays lost and is not counted again.
    row.lost = Math.max(row.lost, found.lost.length);
    row.doubled = Math.max(row.doubled, found.doubled.length);
    row.wrong = Math.max(row.wrong, found.wrong.length);
    row.segments = found.segments;
    for (const kind of ["lost", "doubled", "wrong"] as const)
      if (found[kind].length > 0)
        onFind(`${when}: ${found[kind].length} ${kind}, first ${found[kind][0]}`);
    return found.lost.length + found.doubled.length + found.wrong.length === 0;
  };

  let isWell = true;
  let startMs = 500;
  for (let cut = first; cut < last && isWell; cut++) {
    const isStarting = chance(seed, cut, 1) < WHILE_STARTING;
    const gateway = take();
    await gateway.loaded;
    const began = performance.now();
    const up = gateway.start(env);
    const momentMs = chance(seed, cut, 2) * (isStarting ? startMs : LATEST_MS);
    let sending: Sending | undefined;
    if (isStarting) {
      void up.then((port) => (sending = said.begin(urlOf(port), true))).catch(() => undefined);
      row["while starting"]++;
    } else {
      const port = await up.catch((error: unknown) => {
        onFind(`cut ${cut + 1}: ${String(error)}`);
      });
      if (port === undefined) {
        row.wrong++;
        isWell = false;
        await gateway.kill();
        break;
      }
      startMs = performance.now() - began;
      sending = said.begin(urlOf(port), true);
      if (isUnsynced && cut === first) await sleep(LATEST_MS / 2);
    }
    await sleep(momentMs);
    await disk.cut(said.powerGoes);
    said.powerIsGone();
    await sleep(DYING_MS);
    await gateway.kill();
    await sending?.stop();
    await disk.powerUp();
    row.cuts++;
    row.sent = said.sent.size;
    row.acknowledged = said.acknowledged.size;
    row["in doubt"] = said.inDoubt;
    isWell = await compare(`cut ${cut + 1}, ${Math.round(momentMs)} ms`, false);
  }
  if (isWell) {
    await sealAll(said, { env, urlOf, take }, row, onFind);
    await compare(`disk ${row.disk}, sealed`, true);
  }
  row.seconds = (performance.now() - startedMs) / 1000;
  return row;
}

/** Starts once more, has everything said again, and stops in order: all of it must be in segments then. */
async function sealAll(
  said: Traffic,
  { env, urlOf, take }: Pick<Stretch, "env" | "urlOf" | "take">,
  row: Row,
  onFind: (find: string) => void,
): Promise<void> {
  const gateway = take();
  try {
    const sending = said.begin(urlOf(await gateway.start(env)), false);
    const isSaid = await Promise.race([
      sending.saidAgain.then(() => true),
      sleep(SETTLE_WITHIN_MS),
    ]);
    await sending.stop();
    if (isSaid !== true || said.acknowledged.size !== said.sent.size)
      throw new Error("not everything said again was acknowledged");
    await gateway.stop();
  } catch (error) {
    row.wrong++;
    onFind(`disk ${row.disk}, after its last cut: ${String(error)}`);
    await gateway.kill();
  }
}

/** The homes of the example, and all the meters of the traffic. */
async function seedSite(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const databases = await openLevelDatabases({ folder });
  const docs = await siteExample();
  const meter = docs.find(({ _id }) => _id === `device:${WATER_1A}`);
  const site = await databases.open(databaseName.site(TENANT, 1));
  await site.bulk([
    ...docs,
    ...METERS.map((deviceId) => ({ ...meter, _id: `device:${deviceId}`, deviceId })),
  ]);
  await databases.close();
}
