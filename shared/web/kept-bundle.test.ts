import { mkdtemp, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bundlePage } from "./bundle.ts";

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

test.run();
