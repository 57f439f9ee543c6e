import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  namesAreKebabCase,
  namesNoMachine,
  namesSaySomething,
  nothingIsLeftForLater,
  onlyConfigReadsEnvironment,
  testsCallRun,
} from "./file-rules.ts";
import { treeOf } from "./tree.ts";

test("a file or folder called utils, helpers, common, misc or types is found", () => {
  for (const path of [
    "edge/utils.ts",
    "shared/common/a.ts",
    "cloud/types.d.ts",
    "edge/helpers.test.ts",
    "a/misc/b.css",
  ]) {
    assert.equal(namesSaySomething(treeOf({ [path]: "" })).length, 1, path);
  }
  assert.equal(namesSaySomething(treeOf({ "shared/model/meter-kinds.ts": "" })), []);
});

test("a file that is not in kebab-case is found", () => {
  assert.equal(
    namesAreKebabCase(
      treeOf({ "edge/groupCommit.ts": "", "edge/a_b.ts": "", "edge/a-b.test.ts": "" }),
    ).length,
    2,
  );
});

test("reading the environment outside config.ts is found, however it is written", () => {
  for (const text of [
    "process.env.HOME",
    'process["env"]',
    "process?.env",
    'import { env } from "node:process"',
  ]) {
    assert.equal(onlyConfigReadsEnvironment(treeOf({ "edge/store/a.ts": text })).length, 1, text);
    assert.equal(
      onlyConfigReadsEnvironment(treeOf({ "edge/config.ts": text, "edge/a.test.ts": text })),
      [],
      text,
    );
  }
});

test("a test file that never runs its suite is found", () => {
  assert.equal(testsCallRun(treeOf({ "edge/a.test.ts": 'test("a", () => {});\n' })).length, 1);
  assert.equal(
    testsCallRun(treeOf({ "edge/a.test.ts": 'test("a", () => {});\ntest.run();\n' })),
    [],
  );
});

test("a test file may leave running to the conformance suite it imports", () => {
  const text = 'import { conformance } from "./conformance.ts";\nconformance();\n';
  const suite = (end: string) => ({
    "edge/a.test.ts": text,
    "edge/conformance.ts": `export function conformance() {\n${end}}`,
  });
  assert.equal(testsCallRun(treeOf(suite("  test.run();\n"))), []);
  assert.equal(testsCallRun(treeOf(suite(""))).length, 1);
});

test("a place that only one machine has is found", () => {
  const slash = "/";
  for (const place of ["tmp", "root", "home", "work"]) {
    const text = `open("${slash}${place}${slash}a.txt")`;
    assert.equal(namesNoMachine(treeOf({ "edge/a.ts": text })).length, 1, text);
  }
  assert.equal(namesNoMachine(treeOf({ "edge/a.ts": 'fetch("https://example.org/work/a")' })), []);
});

test("marks of unfinished work are found", () => {
  const mark = ["TO", "DO"].join("");
  assert.equal(nothingIsLeftForLater(treeOf({ "edge/a.ts": `// ${mark}: later` })).length, 1);
  assert.equal(nothingIsLeftForLater(treeOf({ "shared/web/words/es.ts": "todo" })), []);
});

test.run();
