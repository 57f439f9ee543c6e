/** The short form of `scripts/chaos/damage.ts`: each database once, the kinds of damage taking turns from a seed on. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { damages } from "#scripts/chaos/damage-kinds.ts";
import { runCase } from "#scripts/chaos/damage-run.ts";
import { damageStand, type Stand } from "#scripts/chaos/damage-stand.ts";

export const timeoutMs = 120_000;

const seed = Date.now() >>> 0;
/** Three seconds each: in the long form only. */
const kinds = Object.keys(damages).filter((kind) => kind !== "LOCK held");
const test = suite<{ root: string; stand: Stand }>(`damage, seed ${seed}`);

test.before(async (context) => {
  context.root = await mkdtemp(join(tmpdir(), "riser-damage-"));
  context.stand = await damageStand(context.root);
});
test.after(async ({ root }) => rm(root, { recursive: true }));

test("whichever database is damaged, it comes up, keeps, and loses nothing its ledger does not say", async ({
  root,
  stand,
}) => {
  assert.ok(stand.names.length >= 8, stand.names.join());
  const wrong: string[] = [];
  for (const [n, name] of stand.names.entries()) {
    const kind = kinds[(seed + n) % kinds.length] as string;
    const outcome = await runCase(stand, root, { name, kind }, seed);
    wrong.push(...outcome.wrong.map((what) => `${name}, ${kind}: ${what}`));
  }
  assert.equal(wrong, []);
});

test("uplinks that lay in no segment yet are gone with their inbox, and told to the last one", async ({
  root,
  stand,
}) => {
  const name = stand.names.find((one) => one.startsWith("inbox-")) as string;
  const outcome = await runCase(stand, root, { name, kind: "CURRENT missing" }, seed);
  assert.equal(outcome.wrong, []);
  assert.ok(outcome.isSetAside);
  assert.ok(outcome.gone > 0);
  assert.is(outcome.told, outcome.gone);
});

test.run();
