/**
 * `damage-run`: one damage to one database of a gateway's folder, a start on it, and the comparison: it hears
 * and keeps, what was acknowledged is there or in the ledger, and the ledger is what the metrics say.
 */
import { join } from "node:path";
import { databaseName } from "#shared/model/database-names.ts";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import { seedOf, chance } from "#shared/testing/meters/chance.ts";
import { TENANT } from "#shared/testing/site-example.ts";
import type { LineDoc } from "#edge/store/ledger.ts";
import { damages } from "./damage-kinds.ts";
import { STRANGERS, type Stand } from "./damage-stand.ts";
import { heldIn } from "./power-cut-held.ts";
import { verdict } from "./power-cut-verdict.ts";

const NEW = 20;
const NOTICED_MS = 10_000;
/** The end of a log that a power cut leaves looks the same; what is gone then is found by what is missing. */
const MAY_LOOK_WHOLE = new Set([
  "log cut short",
  "log zeroed",
  "log with flipped bits",
  "LOCK held",
]);

export interface Case {
  readonly name: string;
  readonly kind: string;
}

export interface Outcome extends Case {
  /** Whether the database was set aside. */
  readonly isSetAside: boolean;
  /** Acknowledged uplinks that are gone. */
  readonly gone: number;
  /** The same by the ledger's word. */
  readonly told: number;
  readonly startMs: number;
  /** What was not as it should be; empty when all is well. */
  readonly wrong: readonly string[];
}

export async function runCase(
  stand: Stand,
  root: string,
  { name, kind }: Case,
  seed: number,
): Promise<Outcome> {
  const folder = await stand.copy(join(root, "case"));
  let drawn = 0;
  const random = () => chance(seed, seedOf(`${name} ${kind}`), drawn++);
  const wrong: string[] = [];
  const end = await damages[kind]?.(join(folder, "db", name), random);
  try {
    const startedMs = performance.now();
    const edge = await stand.start(folder);
    const startMs = Math.round(performance.now() - startedMs);
    const fresh = await stand.say(edge, NEW);
    const isSetAside = await isTold(edge.url, MAY_LOOK_WHOLE.has(kind) ? 0 : NOTICED_MS);
    const metrics = refusedIn(await (await fetch(`${edge.url}/metrics`)).text());
    await edge.settle();
    await edge.stop();

    const lines = await linesIn(join(folder, "db"));
    for (const [reason, count] of metrics) {
      const told = lines.filter((line) => line.reason === reason);
      const sum = told.reduce((all, line) => all + line.count, 0);
      // Its own lines were in the database that was damaged; the sums are remembered elsewhere.
      const isSame = name === databaseName.ledger ? sum <= count : sum === count;
      if (!isSame) wrong.push(`${reason}: ${count} in the metrics, ${sum} in the ledger`);
    }
    const toldOf = (isOf: (line: LineDoc) => boolean) =>
      lines
        .filter((line) => line.reason === "store_damaged" && isOf(line))
        .reduce((all, line) => all + line.count, 0);
    const told = toldOf(({ tenant }) => tenant === TENANT);
    if (lines.some((line) => line.reason === "store_damaged" && line.deviceId === null))
      wrong.push("a loss names no device");
    if (name === databaseName.strangers && isSetAside && toldOf((l) => !l.tenant) !== STRANGERS)
      wrong.push("the strangers that are gone are not told");

    const held = await heldIn(join(folder, "db"), TENANT);
    // Without its homes a gateway takes all for strangers until the hub sends them again.
    const isHomeless = name.includes("-site-") && isSetAside;
    const acknowledged = new Set([...stand.acknowledged, ...(isHomeless ? [] : fresh)]);
    const sent = new Set([...stand.acknowledged, ...fresh]);
    const found = verdict(held, { acknowledged, sent }, true);
    const gone = found.lost.length;
    if (gone !== told) wrong.push(`${gone} are gone, the ledger says ${told}`);
    if (found.doubled.length > 0) wrong.push(`${found.doubled.length} are doubled`);
    wrong.push(...found.wrong);
    if (!isSetAside && !MAY_LOOK_WHOLE.has(kind)) wrong.push("it was not set aside");
    return { name, kind, isSetAside, gone, told, startMs, wrong };
  } finally {
    await end?.();
  }
}

/** Whether the gateway's health tells of a damage: some databases are opened only after it began to hear. */
async function isTold(url: string, withinMs: number): Promise<boolean> {
  for (const untilMs = performance.now() + withinMs; ;) {
    const health = (await (await fetch(`${url}/health`)).json()) as {
      conditions: { name: string }[];
    };
    if (health.conditions.some((one) => one.name === "store_damaged")) return true;
    if (performance.now() >= untilMs) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function refusedIn(text: string): Map<string, number> {
  return new Map(
    [...text.matchAll(/^riser_refused_total\{reason="(\w+)"\} (\d+)$/gm)].map((found) => [
      found[1] as string,
      Number(found[2]),
    ]),
  );
}

/** The lines of the ledger in a folder of databases that nobody has open. */
export async function linesIn(folder: string): Promise<LineDoc[]> {
  const databases = await openLevelDatabases({ folder });
  const book = await databases.open(databaseName.ledger);
  const lines = await book.list<LineDoc>({ from: "line:", to: "line:\uffff" });
  await databases.close();
  return lines;
}
