import { cp, mkdtemp, readdir, readFile, rm, truncate, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import leveldown from "leveldown";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { crc32c } from "./crc32c.ts";
import { folderCheck } from "./folder-check.ts";

const test = suite<{ root: string; good: string }>("the files of a LevelDB are checked");

/** Two tables, a log with several records, a manifest. */
async function makeStore(folder: string): Promise<void> {
  const store = leveldown(folder) as unknown as {
    open(done: (error?: Error) => void): void;
    close(done: (error?: Error) => void): void;
    put(key: string, value: string, options: object, done: (error?: Error) => void): void;
  };
  const promised = (call: (done: (error?: Error) => void) => void) =>
    new Promise<void>((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
  for (let life = 0; life < 3; life++) {
    await promised((done) => store.open(done));
    for (let n = 0; n < 300; n++) {
      const value = `${n % 7}`.repeat(300) + Math.sin(n);
      await promised((done) => store.put(`key-${life}-${n}`, value, { sync: n % 50 === 0 }, done));
    }
    await promised((done) => store.close(done));
  }
}

test.before(async (context) => {
  context.root = await mkdtemp(join(tmpdir(), "riser-check-"));
  context.good = join(context.root, "good");
  await makeStore(context.good);
});
test.after(async ({ root }) => rm(root, { recursive: true }));

const fileOf = async (folder: string, ending: string) =>
  join(
    folder,
    (await readdir(folder)).find((name) => name.endsWith(ending) || name.startsWith(ending)) ?? "",
  );
const largest = async (folder: string, ending: string) => {
  const all = (await readdir(folder)).filter((name) => name.endsWith(ending));
  const sizes = await Promise.all(
    all.map(async (name) => ({ name, size: (await readFile(join(folder, name))).length })),
  );
  return join(folder, sizes.sort((a, b) => b.size - a.size)[0]?.name ?? "");
};
async function damaged(good: string, damage: (folder: string) => Promise<unknown>) {
  const folder = `${good}-damaged`;
  await rm(folder, { recursive: true, force: true });
  await cp(good, folder, { recursive: true });
  await damage(folder);
  return folderCheck().damage(folder);
}
const flip = async (path: string, at: number) => {
  const bytes = await readFile(path);
  const place = at < 0 ? bytes.length + at : Math.floor(at * bytes.length);
  bytes[place] = (bytes[place] ?? 0) ^ 0x10;
  await writeFile(path, bytes);
};

test("the checksum is Castagnoli's", () => {
  assert.is(crc32c(Buffer.from("123456789")), 0xe3069283);
  assert.is(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.is(crc32c(new Uint8Array(0)), 0);
});

test("a store that was closed, and one that nobody has, are whole", async ({ root, good }) => {
  assert.ok((await readdir(good)).some((name) => name.endsWith(".ldb")));
  assert.is(await folderCheck().damage(good), undefined);
  assert.is(await folderCheck().damage(join(root, "nobody")), undefined);
});

test("one bit anywhere in a table, a log or a manifest is found", async ({ good }) => {
  for (let at = 0; at < 1; at += 0.083) {
    const table = await damaged(good, async (f) => flip(await largest(f, ".ldb"), at));
    assert.ok(table, `table at ${at}`);
    if (at > 0.9) continue;
    const log = await damaged(good, async (f) => flip(await largest(f, ".log"), at));
    assert.ok(log, `log at ${at}`);
    const manifest = await damaged(good, async (f) => flip(await fileOf(f, "MANIFEST"), at / 2));
    assert.ok(manifest, `manifest at ${at / 2}`);
  }
});

test("zeroed, cut short, empty and missing files are found", async ({ good }) => {
  const size = async (path: string) => (await readFile(path)).length;
  const cases: Record<string, (folder: string) => Promise<unknown>> = {
    "table zeroed": async (f) => {
      const path = await largest(f, ".ldb");
      await writeFile(path, new Uint8Array(await size(path)));
    },
    "a stretch of a log zeroed": async (f) => {
      const path = await largest(f, ".log");
      const bytes = await readFile(path);
      await writeFile(path, bytes.fill(0, 4_096, 8_192));
    },
    "table cut": async (f) => truncate(await largest(f, ".ldb"), 5_000),
    "table empty": async (f) => truncate(await largest(f, ".ldb"), 0),
    "table missing": async (f) => unlink(await largest(f, ".ldb")),
    "manifest empty": async (f) => truncate(await fileOf(f, "MANIFEST"), 0),
    "manifest cut to an older state": async (f) => truncate(await fileOf(f, "MANIFEST"), 60),
    "manifest missing": async (f) => unlink(await fileOf(f, "MANIFEST")),
    "log missing": async (f) => unlink(await largest(f, ".log")),
    "CURRENT missing": async (f) => unlink(join(f, "CURRENT")),
    "CURRENT empty": async (f) => truncate(join(f, "CURRENT"), 0),
    "CURRENT of somewhere else": async (f) => writeFile(join(f, "CURRENT"), "MANIFEST-999999\n"),
  };
  for (const [name, damage] of Object.entries(cases))
    assert.type(await damaged(good, damage), "string", name);
});

test("what a power cut leaves at the end of a log is no damage", async ({ good }) => {
  for (const cut of [1, 3, 200]) {
    const found = await damaged(good, async (f) => {
      const path = await largest(f, ".log");
      await truncate(path, (await readFile(path)).length - cut);
    });
    assert.is(found, undefined, `${cut} bytes`);
  }
  const padded = await damaged(good, async (f) => {
    const path = await largest(f, ".log");
    await writeFile(path, Buffer.concat([await readFile(path), new Uint8Array(70_000)]));
  });
  assert.is(padded, undefined, "zeros a file system put behind the last record");
});

test("what was found whole is read again only when it looks different, or when told to", async ({
  good,
}) => {
  const folder = `${good}-again`;
  await cp(good, folder, { recursive: true });
  const check = folderCheck();
  assert.is(await check.damage(folder), undefined);
  const path = await largest(folder, ".ldb");
  await flip(path, 0.5);
  assert.type(await check.damage(folder), "string");
  assert.type(await check.damageWhileOpen(folder), "string");
});

test.run();
