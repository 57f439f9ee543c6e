import { mkdtemp, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bundlePage } from "./bundle.ts";
import { placeOf as keptAt } from "./kept-bundle.ts";

const test = suite("kept bundle");

test("a page is made anew when one of its sources changed, and only then", async () => {
  const folder = await mkdtemp(join(tmpdir(), "riser-page-"));
  try {
    const entry = join(folder, "page.tsx");
    const said = async () => {
      const { files } = await bundlePage({ entry, title: "Page", pages: ["/"] });
      const script = [...files].find(([path]) => path.endsWith(".js"))?.[1];
      return new TextDecoder().decode(script?.body).replace(/^.*\n/, "").trim();
    };
    const long = new Date("2026-01-01T00:00:00Z");
    await writeFile(entry, 'document.title = "one";');
    await utimes(entry, long, long);
    assert.match(await said(), /"one"/);
    // Neither its size nor its time says that it changed: what was kept is served.
    await writeFile(entry, 'document.title = "two";');
    await utimes(entry, long, long);
    assert.match(await said(), /"one"/);
    const later = new Date("2026-01-02T00:00:00Z");
    await utimes(entry, later, later);
    assert.match(await said(), /"two"/);
    assert.is((await stat(entry)).mtimeMs, later.getTime());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a source that changes while the page is made is not taken for the one it was made of", async () => {
  const folder = await mkdtemp(join(tmpdir(), "riser-page-"));
  try {
    const entry = join(folder, "page.tsx");
    const ahead = new Date(performance.timeOrigin + performance.now() + 60_000);
    const bundle = async () =>
      (await bundlePage({ entry, title: "Page", pages: ["/"] })).firstLoadBytes;
    await writeFile(entry, 'document.title = "one";');
    await utimes(entry, ahead, ahead);
    const before = await bundle();
    await writeFile(entry, 'document.title = ""+"";');
    await utimes(entry, ahead, ahead);
    assert.is.not(await bundle(), before);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("of what is kept, a page that a power cut left empty is seen, and the page is made anew", async () => {
  const folder = await mkdtemp(join(tmpdir(), "riser-page-"));
  try {
    const entry = join(folder, "page.tsx");
    await writeFile(entry, `document.title = "${"whole ".repeat(2_000)}";`);
    await utimes(entry, 1, 1);
    const page = { entry, title: "Page", pages: ["/"] };
    const made = await bundlePage(page);
    const kept = keptAt(page);
    const bytes = await readFile(kept);
    const at = bytes.indexOf("whole whole");
    assert.ok(at > 0);
    await writeFile(kept, bytes.fill(0, at, at + 4_096));
    assert.equal((await bundlePage(page)).files, made.files);
    await writeFile(kept, bytes.subarray(0, at));
    assert.equal((await bundlePage(page)).files, made.files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.run();
