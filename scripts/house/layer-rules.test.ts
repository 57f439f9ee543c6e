import { test } from "uvu";
import * as assert from "uvu/assert";
import { specifiers } from "./imports.ts";
import {
  crossesFoldersByName,
  everyFolderHasALayer,
  importsExist,
  productLeavesScriptsAlone,
  respectsLayers,
} from "./layer-rules.ts";
import type { Layer } from "./layers.ts";
import { lintHoldsLayers, lintOverrides } from "./lint-layers.ts";
import { treeOf } from "./tree.ts";

/** What the layer rule says about one file that imports one thing. */
const said = (file: string, text: string): string[] => respectsLayers(treeOf({ [file]: text }));
const red = (file: string, text: string, complaint: string): void => {
  assert.ok(
    said(file, text).some((each) => each.includes(complaint)),
    `${file}: ${text} → ${said(file, text).join() || "nothing said"}`,
  );
};

test("edge and cloud never import each other, by name or on foot, as value or type", () => {
  red("edge/sync/a.ts", 'import { b } from "#cloud/hub/b.ts";', "never imports cloud");
  red("cloud/hub/a.ts", 'import type { b } from "../../edge/sync/b.ts";', "never imports edge");
  red("edge/main.ts", 'const b = await import("#cloud/b.ts");', "never imports cloud");
  red("cloud/app.ts", 'export { b } from "#edge/b.ts";', "never imports edge");
  red("cloud/app.ts", 'type B = import("../edge/b.ts").B;', "never imports edge");
});

test("shared imports neither side", () => {
  red("shared/web/a.ts", 'import "#edge/b.ts";', "never imports edge");
  red("shared/a.ts", 'import {\n  b,\n  c,\n} from "#cloud/b.ts";', "never imports cloud");
});

test("model imports nothing but zod and itself", () => {
  red("shared/model/a.ts", 'import { b } from "../api/b.ts";', "nothing but zod");
  red("shared/model/a.ts", 'import { readFile } from "node:fs";', "nothing but zod");
  assert.equal(
    said("shared/model/a.ts", 'import { z } from "zod";\nimport { b } from "./b.ts";'),
    [],
  );
  assert.equal(
    said("shared/model/a.test.ts", 'import { test } from "uvu";'),
    [],
    "tests may use uvu",
  );
});

test("formats, devices and series never import couch", () => {
  for (const folder of ["formats", "devices", "series"]) {
    red(`shared/${folder}/a.ts`, 'import { open } from "#shared/couch/open.ts";', "shared/couch");
  }
});

test("the packet decoder stands on node:crypto alone", () => {
  const file = "shared/lorawan-packet-decoder/a.ts";
  red(file, 'import { z } from "zod";', "nothing but node:crypto");
  red(file, 'import { b } from "#shared/model/b.ts";', "nothing but node:crypto");
  assert.equal(said(file, 'import { createCipheriv } from "node:crypto";'), []);
});

test("areas of the hub never import each other", () => {
  const apart = "never import each other";
  red("cloud/areas/people/a.ts", 'import { b } from "#cloud/areas/units/b.ts";', apart);
  red("cloud/areas/people/a.ts", 'import { b } from "../units/b.ts";', apart);
  assert.equal(said("cloud/areas/people/a.ts", 'import { b } from "../area.ts";'), []);
  assert.equal(said("cloud/areas/list.ts", 'import { b } from "./units/b.ts";'), []);
});

test("a folder without a layer is found, and a layer without a folder", () => {
  const table: Layer[] = [{ folder: "edge/store", never: ["cloud"] }];
  assert.equal(everyFolderHasALayer(treeOf({ "edge/store/a.ts": "" }), table), []);
  assert.equal(everyFolderHasALayer(treeOf({ "edge/cellar/a.ts": "" }), table).length, 2);
});

test("an import that leaves its folder of the map must be written with #", () => {
  const tree = treeOf({
    "shared/series/a.ts": 'import { b } from "../model/b.ts";',
    "shared/devices/x/a.ts": 'import { b } from "../channels.ts";',
  });
  assert.equal(crossesFoldersByName(tree), [
    "shared/series/a.ts imports ../model/b.ts: write #shared/model/b.ts",
  ]);
});

test("the product does not import the developer's scripts; its tests may", () => {
  const text = 'import { b } from "#scripts/b.ts";';
  assert.equal(
    productLeavesScriptsAlone(treeOf({ "edge/a.ts": text, "edge/a.test.ts": text })).length,
    1,
  );
});

test("an import of a file that is not there is found", () => {
  assert.equal(importsExist(treeOf({ "edge/a.ts": 'import { b } from "./b.ts";' })).length, 1);
  assert.equal(
    importsExist(treeOf({ "edge/a.ts": 'import { b } from "./b.ts";', "edge/b.ts": "" })),
    [],
  );
});

test("a lint configuration that lost one folder is found", () => {
  const config = (overrides: unknown[]) =>
    treeOf({ ".oxlintrc.json": JSON.stringify({ overrides }) });
  assert.equal(lintHoldsLayers(config(lintOverrides())), []);
  assert.equal(lintHoldsLayers(config(lintOverrides().slice(1))).length, 1);
});

test("imports are read however they are written", () => {
  const text = [
    'import a from "a";',
    'import { b,\n  type B } from "b";',
    'import "c";',
    "import * as d from 'd';",
    'export * from "e";',
    'const f = await import("f");',
    'const g = require("g");',
    'import type { H } from "h"; import i from "i";',
    " * import { comment } from no where",
  ].join("\n");
  assert.equal(specifiers(text).toSorted(), ["a", "b", "c", "d", "e", "f", "g", "h", "i"]);
});

test.run();
