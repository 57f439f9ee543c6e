/**
 * `tsx scripts/chaos/disk-full.ts [seconds] [reserve]`: fills the disk under a gateway that hears, leaves it full so
 * long (an hour unless told), frees it, and looks: residents read on all the time, nothing is told
 * "received" that is not kept, writing goes on by itself within 10 s, and the ledger has all that was
 * refused. Once with the reserve the gateway keeps, once without, so that LevelDB runs into the end.
 * Exits 1 when it is otherwise, 3 with a line `NOT TRIED: …` where nothing can be mounted.
 */
import { fileURLToPath } from "node:url";
import { helpIfAsked } from "#scripts/help.ts";
import { inOwnMounts, whyNoMounts } from "./own-mounts.ts";

helpIfAsked(`tsx scripts/chaos/disk-full.ts [seconds] [reserve]

Fills a small disk under a gateway for so long (3600 unless told), with the gateway keeping a
reserve of so many MB (8, then 1, unless told). Needs root and mounts.`);
const NOT_TRIED = 3;
const seconds = process.argv[2] ?? "3600";
const whyNot = whyNoMounts();
if (whyNot !== undefined) {
  console.log(`NOT TRIED: a full disk (${whyNot})`);
  process.exitCode = NOT_TRIED;
} else {
  const inside = fileURLToPath(new URL("disk-full-inside.ts", import.meta.url));
  for (const reserveMb of process.argv[3] ? [process.argv[3]] : ["8", "1"])
    process.exitCode = (await inOwnMounts(inside, [seconds, reserveMb])) || process.exitCode || 0;
}
