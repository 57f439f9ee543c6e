import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  declaredAreListed,
  everyAreaIsListed,
  everyConditionIsRaised,
  everyModelIsListed,
  languagesAgree,
} from "./list-rules.ts";
import { treeOf } from "./tree.ts";

test("a format or decoder that is imported but not listed is found", () => {
  const formats = {
    "shared/formats/a.ts": "export const a: Format = {};",
    "shared/formats/b.ts": "export const b: Format = {};",
  };
  const imported = 'import { a } from "./a.ts";\nimport { b } from "./b.ts";\n';
  const list = (names: string) =>
    treeOf({
      ...formats,
      "shared/formats/list.ts": `${imported}export const formats = [${names}];`,
    });
  assert.equal(declaredAreListed(list("a, b")), []);
  assert.equal(declaredAreListed(list("a")), [
    "shared/formats/b.ts: b is not in shared/formats/list.ts",
  ]);
});

test("a model that is not imported by the list, or has no examples, is found", () => {
  const model = { "shared/devices/x-1/decoder.ts": "" };
  const list = { "shared/devices/list.ts": 'import { x } from "./x-1/decoder.ts";' };
  assert.equal(
    everyModelIsListed(treeOf({ ...model, ...list, "shared/devices/x-1/vectors.json": "[]" })),
    [],
  );
  assert.equal(everyModelIsListed(treeOf({ ...model, ...list })).length, 1);
  assert.equal(everyModelIsListed(treeOf(model)).length, 2);
});

test("an area that is not listed is found", () => {
  const area = { "cloud/areas/units/units.ts": "" };
  assert.equal(everyAreaIsListed(treeOf(area)).length, 1);
  assert.equal(
    everyAreaIsListed(
      treeOf({ ...area, "cloud/areas/list.ts": 'import { units } from "./units/units.ts";' }),
    ),
    [],
  );
});

test("a condition that nothing raises is found", () => {
  const list = {
    "edge/health/conditions.ts":
      "export const conditions = {\n  disk_full: { severity: 'bad' },\n};",
  };
  assert.equal(everyConditionIsRaised(treeOf(list)), [
    "edge/health/conditions.ts: nothing ever raises disk_full",
  ]);
  assert.equal(
    everyConditionIsRaised(treeOf({ ...list, "edge/store/a.ts": 'raise("disk_full")' })),
    [],
  );
});

test("languages with other keys, other arguments or an empty text are found", () => {
  const en = { title: "Title", of: (n: number) => `${n}`, deep: { a: "A" } };
  const agree = (other: Record<string, unknown>) =>
    languagesAgree(
      new Map([
        ["en", en],
        ["de", other],
      ]),
    );
  assert.equal(agree({ title: "Titel", of: (n: number) => `${n}`, deep: { a: "A" } }), []);
  assert.equal(agree({ of: (n: number) => `${n}`, deep: { a: "A" } }), [
    "de: title is missing, in en it is a text",
  ]);
  assert.equal(agree({ ...en, of: () => "" }).length, 1);
  assert.equal(agree({ ...en, deep: { a: "A", b: "B" } }), ["de: deep.b is not in en"]);
  assert.ok(agree({ ...en, title: " " }).includes("de: title is empty"));
});

test.run();
