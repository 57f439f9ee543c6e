import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, truncate, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { openLevelDatabases, type Guard } from "./leveldb.ts";
import type { SetAside } from "./set-aside.ts";

const test = suite<{ root: string }>("a guarded folder of databases");
test.before.each(async (context) => {
  context.root = await mkdtemp(join(tmpdir(), "riser-guard-"));
});
test.after.each(async ({ root }) => rm(root, { recursive: true }));

function open(root: string, freeBytes?: () => Promise<number>) {
  const found: SetAside[] = [];
  const broken: string[] = [];
  const guard: Guard = {
    asideFolder: join(root, "aside"),
    isWrittenOnce: () => false,
    onSetAside: (one) => found.push(one),
    onBroken: (name) => broken.push(name),
  };
  const options = { folder: join(root, "db"), guard, ...(freeBytes && { freeBytes }) };
  return { found, broken, opening: openLevelDatabases(options) };
}

async function withHundred(root: string) {
  for (let life = 0; life < 2; life++) {
    const databases = await open(root).opening;
    const db = await databases.open("a");
    await db.bulk(
      Array.from({ length: 100 }, (_, n) => ({ _id: `${life}-${n}`, n: "x".repeat(n) })),
    );
    await databases.close();
  }
}

const files = async (root: string, pattern: RegExp) =>
  (await readdir(join(root, "db", "a")))
    .filter((name) => pattern.test(name))
    .map((name) => join(root, "db", "a", name));

const damages: Record<string, (root: string) => Promise<unknown>> = {
  "a flipped bit in its tables": async (root) => {
    for (const path of await files(root, /ldb$/)) {
      const bytes = await readFile(path);
      bytes[40] = (bytes[40] ?? 0) ^ 1;
      await writeFile(path, bytes);
    }
  },
  "an empty table": async (root) => truncate((await files(root, /ldb$/))[0] ?? "", 0),
  "no CURRENT": async (root) => unlink((await files(root, /^CURRENT$/))[0] ?? ""),
  "a damaged manifest": async (root) =>
    writeFile((await files(root, /^MANIFEST/))[0] ?? "", "nonsense"),
};
for (const [name, damage] of Object.entries(damages))
  test(`a database with ${name} is set aside whole, said, and begun anew`, async ({ root }) => {
    await withHundred(root);
    await damage(root);
    const { found, opening } = open(root);
    const databases = await opening;
    const db = await databases.open("a");
    assert.equal(
      found.map((one) => one.name),
      ["a"],
    );
    assert.ok(found[0]?.reason);
    assert.ok((await readdir(found[0]?.folder ?? "")).length > 2, "it can be looked at");
    assert.equal(await db.ids(), []);
    await db.put({ _id: "new" });
    assert.is((await db.info()).docs, 1);
    await databases.close();
    const again = await open(root).opening;
    assert.equal(await (await again.open("a")).ids(), ["new"]);
    await again.close();
  });

test("a table that goes bad under an open database is found by reading it again", async ({
  root,
}) => {
  await withHundred(root);
  const { opening } = open(root);
  const databases = await opening;
  await databases.open("a");
  assert.is(await databases.inspect("a"), undefined);
  const [table = ""] = await files(root, /ldb$/);
  const bytes = await readFile(table);
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  await writeFile(table, bytes);
  assert.match((await databases.inspect("a")) ?? "", /checksum/);
  await databases.close();
});

test("a database that a stranger holds is set aside; a folder that a gateway holds is not touched", async ({
  root,
}) => {
  await withHundred(root);
  const program = `require("leveldown")(process.argv[1]).open(() => console.log("open")); process.stdin.resume()`;
  const hold = async (name: string) => {
    const child = spawn(process.execPath, ["-e", program, join(root, "db", name)], {
      cwd: fileURLToPath(new URL("../..", import.meta.url)),
      stdio: ["pipe", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    return async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
    };
  };
  const atOnce = { now: () => Date.UTC(2026, 10, 26), sleep: () => Promise.resolve() };
  const stranger = await hold("a");
  const found: SetAside[] = [];
  const guard: Guard = {
    asideFolder: join(root, "aside"),
    isWrittenOnce: () => false,
    onSetAside: (one) => found.push(one),
    onBroken: () => undefined,
  };
  const options = { folder: join(root, "db"), guard, clock: atOnce };
  const databases = await openLevelDatabases(options);
  assert.equal(await (await databases.open("a")).ids(), []);
  assert.match(found[0]?.reason ?? "", /lock/i);
  await stranger();
  await databases.close();
  const gateway = await hold(".held");
  const refused = await openLevelDatabases(options).catch((error: unknown) => error);
  assert.ok(isFault(refused, "conflict"), String(refused));
  assert.is(found.length, 1);
  await gateway();
  await (await openLevelDatabases(options)).close();
});

test.run();
