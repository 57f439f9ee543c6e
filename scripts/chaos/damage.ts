/**
 * `tsx scripts/chaos/damage.ts [rounds] [seed] [--only part]`: every kind of damage to every database of a
 * gateway, so many rounds (1 unless told). Prints a row per damage; exits 1 when a gateway did not come
 * up, did not keep, or lost anything its ledger does not say.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { helpIfAsked } from "#scripts/help.ts";
import { table } from "#scripts/table.ts";
import { damages } from "./damage-kinds.ts";
import { runCase, type Outcome } from "./damage-run.ts";
import { damageStand } from "./damage-stand.ts";

const USAGE = `tsx scripts/chaos/damage.ts [rounds] [seed] [--only part]

Damages each database of a gateway in each way, starts it, and compares what is there with what was
acknowledged and with the ledger. --only: cases whose "database: kind" has this part.`;

helpIfAsked(USAGE);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string", default: "" } },
});
const rounds = Number(positionals[0] ?? 1);
const seed = Number(positionals[1] ?? Date.now() >>> 0);
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed)) {
  console.error(USAGE);
  process.exit(2);
}

const root = await mkdtemp(join(tmpdir(), "riser-damage-"));
const outcomes: Outcome[] = [];
try {
  console.log(`seed ${seed}`);
  const stand = await damageStand(root);
  for (let round = 0; round < rounds; round++)
    for (const name of stand.names)
      for (const kind of Object.keys(damages)) {
        if (!`${name}: ${kind}`.includes(values.only)) continue;
        const outcome = await runCase(stand, root, { name, kind }, seed + round).catch(
          (error: unknown): Outcome => ({
            name,
            kind,
            isSetAside: false,
            gone: 0,
            told: 0,
            startMs: 0,
            wrong: [String((error as Error).stack)],
          }),
        );
        outcomes.push(outcome);
        for (const what of outcome.wrong) console.log(`find: ${name}, ${kind}: ${what}`);
      }
} finally {
  await rm(root, { recursive: true, force: true });
}
console.log(
  table(
    outcomes.map(({ name, kind, isSetAside, gone, told, startMs, wrong }) => ({
      database: name,
      damage: kind,
      "set aside": isSetAside ? "yes" : "no",
      gone,
      "in the ledger": told,
      "start ms": startMs,
      wrong: wrong.length,
    })),
    ["database", "damage", "set aside", "gone", "in the ledger", "start ms", "wrong"],
  ),
);
const wrong = outcomes.filter((one) => one.wrong.length > 0).length;
console.log(`${outcomes.length} damages, ${wrong} not survived as they should be`);
process.exitCode = wrong > 0 ? 1 : 0;
