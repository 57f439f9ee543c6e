import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Layer } from "./layers.ts";
import {
  layerTable,
  mapEqualsDisk,
  readmeExplainsDependencies,
  readmeHoldsLayers,
} from "./readme-rules.ts";
import { treeOf } from "./tree.ts";

const readme = (heading: string, ...lines: string[]) => ({
  "README.md": `# Riser\n\n${heading}\n\n${lines.join("\n")}\n\n## Next\n`,
});

test("a folder that the map leaves out, invents or names twice is found", () => {
  const disk = { "edge/store/a.ts": "", "edge/store/deep/b.ts": "" };
  const map = (...folders: string[]) =>
    mapEqualsDisk(
      treeOf({
        ...disk,
        ...readme("## The map", ...folders.map((path) => `| \`${path}/\` | it |`)),
      }),
    );
  assert.equal(map("edge", "edge/store"), []);
  assert.equal(map("edge"), ["edge/store/ is not in the README's map"]);
  assert.equal(map("edge", "edge/store", "cloud"), ["cloud/ is in the README's map but not there"]);
  assert.equal(map("edge", "edge/store", "edge"), ["edge/ is twice in the README's map"]);
});

test("a layer table that says something else is found", () => {
  const table: Layer[] = [{ folder: "edge/store", never: ["cloud"] }];
  assert.equal(
    readmeHoldsLayers(treeOf(readme("## The layer rule", layerTable(table))), table),
    [],
  );
  assert.equal(
    readmeHoldsLayers(treeOf(readme("## The layer rule", layerTable([]))), table).length,
    1,
  );
});

test("a dependency without a reason is found, and a reason without a dependency", () => {
  const wanted = { "package.json": '{"dependencies":{"zod":"1"},"devDependencies":{"uvu":"1"}}' };
  const rows = (...names: string[]) =>
    readmeExplainsDependencies(
      treeOf({
        ...wanted,
        ...readme("## Dependencies", ...names.map((name) => `| \`${name}\` | why |`)),
      }),
    );
  assert.equal(rows("zod", "uvu"), []);
  assert.equal(rows("zod"), ["README.md does not say what uvu is for"]);
  assert.equal(rows("zod", "uvu", "left-pad"), [
    "README.md explains left-pad, which is not in package.json",
  ]);
});

test.run();
