/**
 * `tsx scripts/chaos/lorawan-fuzz.ts [count] [seed]`: random and mutated buffers (one million unless
 * told) through everything in lorawan-packet-decoder that reads. Prints a table; exits 1 on a find.
 */
import { fuzz } from "#shared/lorawan-packet-decoder/fuzz.ts";

const count = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Date.now() >>> 0);
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
  console.error("usage: tsx scripts/chaos/lorawan-fuzz.ts [count] [seed]");
  process.exit(2);
}
const began = performance.now();
const result = fuzz(count, seed);
const seconds = (performance.now() - began) / 1000;

console.log(`seed ${seed}`);
for (const [outcome, times] of [...result.outcomes].toSorted(([, a], [, b]) => b - a)) {
  console.log(`${outcome.padEnd(32)} ${String(times).padStart(9)}`);
}
console.log(`${"right MICs".padEnd(32)} ${String(result.rightMics).padStart(9)}`);
console.log(
  `${result.count} buffers in ${seconds.toFixed(1)} s, the slowest ${result.slowestMs.toFixed(1)} ms, ${result.finds.length} finds`,
);
for (const { hex, what } of result.finds) console.log(`find: ${what}\n  ${hex}`);
process.exitCode = result.finds.length > 0 ? 1 : 0;
