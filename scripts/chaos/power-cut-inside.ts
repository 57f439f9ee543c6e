/**
 * `power-cut-inside`: the part of `power-cut.ts` that runs in a mount namespace of its own. Not to be called by hand.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { table } from "#scripts/table.ts";
import { isFault } from "#shared/model/fault.ts";
import { cutDisk, type CutDisk } from "./power-cut-disk.ts";
import { powerCuts, type Row } from "./power-cut-run.ts";

const { cuts, seed, isUnsynced, isJson, isTrial } = JSON.parse(process.argv[2] ?? "{}") as {
  readonly cuts: number;
  readonly seed: number;
  readonly isUnsynced: boolean;
  readonly isJson: boolean;
  readonly isTrial: boolean;
};
const NOT_TRIED = 3;
const SUMS = [
  "cuts",
  "while starting",
  "sent",
  "acknowledged",
  "in doubt",
  "lost",
  "doubled",
  "wrong",
  "segments",
] as const;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    console.error(`stopped by ${signal}`);
    process.exit(130);
  });

const disk = await cutDisk(mkdtempSync(join(tmpdir(), "riser-power-cut-"))).catch(
  (error: unknown) => {
    if (!isFault(error)) throw error;
    console.log(`NOT TRIED: power cut (${error.message})`);
    process.exitCode = NOT_TRIED;
  },
);
if (disk && isTrial) disk.remove();
else if (disk) await cutAll(disk);

async function cutAll(cutAt: CutDisk): Promise<void> {
  process.on("exit", () => cutAt.remove());
  if (!isJson) console.log(`seed ${seed}${isUnsynced ? ", syncs taken away" : ""}`);
  const finds: string[] = [];
  const rows = await powerCuts({
    disk: cutAt,
    folder: join(cutAt.folder, ".."),
    cuts,
    seed,
    isUnsynced,
    onRow({ disk: number, cuts: cut, lost, doubled, wrong }) {
      if (!isJson)
        console.error(
          `disk ${number}: ${cut} cuts, ${lost} lost, ${doubled} doubled, ${wrong} wrong`,
        );
    },
    onFind: (find) => finds.push(find),
  });
  const total = Object.fromEntries(
    SUMS.map((name) => [name, rows.reduce((sum, row) => sum + row[name], 0)]),
  ) as Omit<Row, "disk" | "seconds">;
  const seconds = rows.reduce((sum, row) => sum + row.seconds, 0);
  const perCut = seconds / Math.max(1, total.cuts);
  if (isJson) console.log(JSON.stringify({ seed, ...total, "seconds per cut": perCut, finds }));
  else {
    const lines = [...rows, { disk: "all", ...total, seconds }].map((row) => ({
      ...row,
      "seconds per cut": (row.seconds / Math.max(1, row.cuts)).toFixed(1),
    }));
    console.log(table(lines, ["disk", ...SUMS, "seconds per cut"]));
    for (const find of finds) console.log(`find: ${find}`);
  }
  process.exit(total.lost + total.doubled + total.wrong > 0 || total.cuts < cuts ? 1 : 0);
}
