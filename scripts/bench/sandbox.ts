/**
 * Bench `sandbox`: makers' codecs in QuickJS, from the call to the answer, through the worker.
 *
 * The decoder is a small one of the usual kind, ours, written for this: channel, type, value. Calls
 * per second are measured by the clock, and again per second of processor time of all threads,
 * which another program on the machine does not change.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSandbox, type Sandbox } from "#shared/devices/sandbox/sandbox.ts";
import { systemClock } from "#shared/model/clock.ts";
import type { Report } from "./report.ts";

const ROUNDS = 5;
const ROUND_CALLS = 3000;
/** Shorter than the product's, so that the bench does not wait for nothing. */
const PATIENCE_MS = 3000;

const SOURCE = `
var TYPES = {
  0x01: { name: "volume_m3", size: 4, divisor: 1000 },
  0x02: { name: "flow_m3_h", size: 2, divisor: 1000, signed: true },
  0x03: { name: "temperature_c", size: 2, divisor: 100, signed: true },
  0x04: { name: "battery_mv", size: 2, divisor: 1 },
  0x05: { name: "flags", size: 1, flags: ["leak", "burst", "dry", "reverse", "tamper"] }
};
function read(bytes, at, size, signed) {
  var value = 0;
  for (var i = size - 1; i >= 0; i--) value = value * 256 + bytes[at + i];
  var limit = Math.pow(256, size);
  return signed && value >= limit / 2 ? value - limit : value;
}
function decodeUplink(input) {
  var data = {}, warnings = [], bytes = input.bytes, at = 0;
  if (input.fPort !== 10) return { errors: ["unknown port " + input.fPort] };
  while (at < bytes.length) {
    var type = TYPES[bytes[at++]];
    if (!type || at + type.size > bytes.length) return { errors: ["cannot be read at " + at] };
    var value = read(bytes, at, type.size, type.signed);
    if (type.flags) type.flags.forEach(function (flag, bit) { data[flag] = ((value >> bit) & 1) === 1; });
    else data[type.name] = value / type.divisor;
    at += type.size;
  }
  if (data.battery_mv < 3000) warnings.push("battery low");
  return { data: data, warnings: warnings };
}`;
const script = { id: "bench", version: 1, source: SOURCE };
const PAYLOAD = Uint8Array.from(Buffer.from("0140e20100022c0103fd08045a0e0501", "hex"));

const call = (sandbox: Sandbox, id = "bench") =>
  sandbox.decodeUplink({ ...script, id }, { bytes: PAYLOAD, fPort: 10, recvAt: 1_700_000_000_000 });

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const rssMb = () => process.memoryUsage.rss() / 1e6;
const round = (value: number) => Math.round(value);

/** In a process of its own, because a second sandbox finds the first one's program made: ms until the first is ready, and has answered. */
function startMs(): [ready: number, answered: number] {
  const folder = mkdtempSync(join(tmpdir(), "bench-sandbox-"));
  const file = join(folder, "ready.mjs");
  const at = (path: string) => new URL(`../../shared/${path}`, import.meta.url).href;
  writeFileSync(
    file,
    `const { openSandbox } = await import(${JSON.stringify(at("devices/sandbox/sandbox.ts"))});
    const { systemClock } = await import(${JSON.stringify(at("model/clock.ts"))});
    const began = performance.now();
    const sandbox = await openSandbox({ clock: systemClock });
    const readyMs = performance.now() - began;
    const script = { id: "first", version: 1, source: ${JSON.stringify(SOURCE)} };
    await sandbox.decodeUplink(script, { bytes: Uint8Array.of(5, 1), fPort: 10, recvAt: 0 });
    console.log(JSON.stringify([readyMs, performance.now() - began]));
    await sandbox.close();`,
  );
  const args = ["--import", import.meta.resolve("tsx"), file];
  const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return JSON.parse(stdout) as [number, number];
}

/** About 15 seconds on a quiet machine. */
export async function bench(report: Report): Promise<void> {
  const row = (name: string, value: number, unit: string, target?: number, isLess = false) =>
    report({
      bench: "sandbox",
      case: name,
      value: round(value),
      unit,
      ...(target === undefined ? {} : { target, met: isLess ? value <= target : value >= target }),
    });

  const starts = [startMs(), startMs(), startMs()];
  row("ready after start, median of 3", median(starts.map(([ready]) => ready)), "ms", 500, true);
  row("first answer after start", median(starts.map(([, answered]) => answered)), "ms");

  const before = rssMb();
  const sandbox = await openSandbox({ clock: systemClock, limits: { watchdogMs: PATIENCE_MS } });
  const { data } = await call(sandbox);
  if ((data as { volume_m3?: number }).volume_m3 !== 123.456)
    throw new Error("the decoder under measure gave a wrong answer");
  row("memory of the sandbox with one script", rssMb() - before, "MB");

  let compiled = 0;
  const perSecond: number[] = [];
  const perCpuSecond: number[] = [];
  for (let i = 0; i <= ROUNDS; i++) {
    const began = performance.now();
    const cpu = process.cpuUsage();
    await Promise.all(Array.from({ length: ROUND_CALLS }, () => call(sandbox)));
    const { user, system } = process.cpuUsage(cpu);
    if (i === 0) {
      compiled = rssMb();
      continue;
    }
    perSecond.push((ROUND_CALLS / (performance.now() - began)) * 1000);
    perCpuSecond.push((ROUND_CALLS / (user + system)) * 1e6);
  }
  row("decodes, by the clock", median(perSecond), "decodes/s", 2000);
  row("decodes, by processor time", median(perCpuSecond), "decodes/cpu-s");

  row(
    `memory grown over ${(ROUNDS * ROUND_CALLS).toLocaleString("en")} decodes`,
    rssMb() - compiled,
    "MB",
  );

  const waits: number[] = [];
  for (let i = 0; i < 500; i++) {
    const began = performance.now();
    await call(sandbox);
    waits.push(performance.now() - began);
  }
  report({
    bench: "sandbox",
    case: "one decode alone, median",
    value: Math.round(median(waits) * 1000),
    unit: "us",
  });

  const settled = rssMb();
  for (let i = 0; i < 16; i++) await call(sandbox, `bench-${i}`);
  row("memory of 16 scripts more", rssMb() - settled, "MB");

  const stuck = {
    id: "stuck",
    version: 1,
    source: "function decodeUplink() { Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1); }",
  };
  const began = performance.now();
  const failing = sandbox.decodeUplink(stuck, { bytes: PAYLOAD, fPort: 10, recvAt: 0 });
  const next = call(sandbox);
  await failing.catch(() => undefined);
  row(
    `a script that never ends: told after (patience ${PATIENCE_MS / 1000} s)`,
    performance.now() - began,
    "ms",
  );
  const killed = performance.now();
  await next;
  row("and the next decode, by a new worker, after", performance.now() - killed, "ms");
  await sandbox.close();
}
