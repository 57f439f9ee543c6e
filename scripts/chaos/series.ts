/**
 * `series`: the property tests of rollups and consumption, far more often than the tests run them:
 * `npx tsx scripts/chaos/series.ts [times]`. Prints the seed of each property; a failure ends it with
 * the smallest counterexample.
 */
import { runLonger } from "#shared/testing/property.ts";
import { helpIfAsked } from "#scripts/help.ts";

helpIfAsked(`npx tsx scripts/chaos/series.ts [times]

Runs the property tests of shared/series that many times as often as the tests do (default 40).`);

// Said before uvu is loaded: else it begins a run at each import, and several go side by side.
globalThis.UVU_DEFER = 1;
globalThis.UVU_INDEX = 0;
// The first place is the name of the file that is told.
globalThis.UVU_QUEUE = [[undefined as never]];
const { exec } = await import("uvu");
runLonger(Number(process.argv[2] ?? 40));
await import("#shared/series/consumption.property.test.ts");
await import("#shared/series/freeze.property.test.ts");
await import("#shared/series/rollup.property.test.ts");
await exec();
