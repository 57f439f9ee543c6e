import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { trustedTime } from "./trusted-time.ts";

const test = suite<{ folder: string }>("trusted time");
test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "riser-time-"));
});
test.after.each(async ({ folder }) => rm(folder, { recursive: true }));

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TRUE = Date.UTC(2026, 10, 26, 12);

/** A machine whose clock and whose sense of passing time are moved by hand. */
function machine(folder: string, wallMs: number) {
  const at = { wall: wallMs, elapsed: 5_000_000, servedAt: undefined as number | undefined };
  const start = () =>
    trustedTime({
      file: join(folder, "time.json"),
      clock: { now: () => at.wall, sleep: () => Promise.resolve() },
      elapsedMs: () => at.elapsed,
      serviceSetAt: async () => at.servedAt,
    });
  const pass = (ms: number) => {
    at.wall += ms;
    at.elapsed += ms;
  };
  return { at, start, pass };
}

/** A gateway that once knew the time and was switched off then. */
async function afterKnowing(folder: string, wallMs: number) {
  const before = machine(folder, TRUE);
  const time = await before.start();
  time.vouch(TRUE, "hub");
  await time.upkeep();
  return machine(folder, wallMs);
}

for (const [name, wallMs] of [
  ["in 1970", 0],
  ["40 days behind", TRUE - 40 * DAY],
  ["a year ahead", TRUE + 365 * DAY],
] as const)
  test(`a start ${name} stays in the month last used, and says by how much it was wrong once it knows`, async ({
    folder,
  }) => {
    const { at, start, pass } = await afterKnowing(folder, wallMs);
    const time = await start();
    const told: number[] = [];
    time.onKnown(({ addMs }) => told.push(addMs));
    assert.is(time.isSynced(), false);
    assert.is(time.month(), "202611");
    pass(HOUR);
    assert.is(time.now(), wallMs + HOUR, "readings keep the clock's own word");
    assert.ok(time.certain() <= TRUE + HOUR, "nothing expires early");
    assert.is(time.day(), "20261126");
    time.vouch(TRUE + 2 * HOUR, "hub");
    assert.equal(told, [TRUE + HOUR - wallMs]);
    assert.is(time.now(), TRUE + 2 * HOUR);
    assert.is(time.certain(), TRUE + 2 * HOUR);
    assert.is(time.machineAheadMs(), at.wall - (TRUE + 2 * HOUR));
    time.vouch(TRUE + 2 * HOUR + 500, "hub");
    assert.is(told.length, 1, "told once");
  });

test("a clock that is moved while it runs moves nothing here", async ({ folder }) => {
  const { at, start, pass } = machine(folder, TRUE);
  const time = await start();
  time.vouch(TRUE, "hub");
  pass(HOUR);
  at.wall -= 3 * DAY;
  assert.is(time.now(), TRUE + HOUR);
  assert.is(time.machineAheadMs(), -3 * DAY);
  at.wall += 500 * DAY;
  assert.is(time.month(), "202611");
});

test("the machine's time service is believed each time it sets the clock", async ({ folder }) => {
  const { at, start, pass } = machine(folder, 0);
  const time = await start();
  await time.upkeep();
  assert.is(time.isSynced(), false);
  pass(HOUR);
  at.wall = TRUE;
  at.servedAt = TRUE;
  await time.upkeep();
  assert.ok(time.isSynced());
  assert.is(time.now(), TRUE);
});

test("a new gateway that never knew the time takes no month its site could not be of", async ({
  folder,
}) => {
  for (const [wallMs, month] of [
    [0, "202611"],
    [TRUE + 365 * DAY, "202611"],
    [TRUE + 10 * DAY, "202612"],
  ] as const) {
    const time = await machine(join(folder, "nowhere"), wallMs).start();
    time.atLeast(TRUE - DAY);
    assert.is(time.month(), month, `${wallMs}`);
    time.vouch(TRUE, "hub");
    assert.is(time.month(), "202611");
  }
});

test("a long time switched off, or a ruined file, leaves it with what it can know", async ({
  folder,
}) => {
  const { start } = await afterKnowing(folder, TRUE + 100 * DAY);
  const time = await start();
  assert.is(time.month(), "202611", "not certain that December has come");
  await writeFile(join(folder, "time.json"), "{");
  assert.is((await start()).month(), "202703", "with nothing to go by, the machine's word");
});

test.run();
