import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runPhyVectors } from "./vectors-run.ts";

interface Vector {
  id: string;
  kind: string;
  expected: Record<string, unknown>;
  source: unknown;
}
const file = JSON.parse(readFileSync(new URL("vectors.json", import.meta.url), "utf8")) as {
  vectors: Vector[];
};

test("every vector passes", () => {
  assert.equal(runPhyVectors(file), { passed: file.vectors.length, failed: [] });
});

test("every vector names its source", () => {
  for (const { id, source } of file.vectors) assert.ok(source, id);
});

test("a changed expectation fails, whichever it is", () => {
  let changes = 0;
  for (const vector of file.vectors) {
    if (vector.kind === "malformed") continue;
    for (const [name, value] of Object.entries(vector.expected)) {
      const other =
        typeof value === "boolean"
          ? !value
          : typeof value === "number"
            ? value + 1
            : typeof value === "string"
              ? `${value}00`
              : { adr: "neither" };
      const { passed, failed } = runPhyVectors([
        { ...vector, expected: { ...vector.expected, [name]: other } },
      ]);
      assert.is(passed, 0, `${vector.id} ${name}`);
      assert.match(failed[0]!.why, name);
      changes++;
    }
  }
  assert.ok(changes > 200);
});

test("an expectation that cannot be checked fails", () => {
  const vector = file.vectors.find(({ id }) => id === "lp-test")!;
  assert.is(
    runPhyVectors([{ ...vector, expected: { ...vector.expected, colour: "blue" } }]).failed.length,
    1,
  );
  assert.is(runPhyVectors([{ ...vector, expected: {} }]).failed.length, 1);
  assert.is(runPhyVectors([{ ...vector, kind: "song" }]).failed.length, 1);
});

test("a well formed frame among the malformed fails", () => {
  const vector = file.vectors.find(({ id }) => id === "lp-test")!;
  assert.is(
    runPhyVectors([{ ...vector, kind: "malformed", expected: { reject: true } }]).failed[0]!.why,
    "accepted, but must be refused",
  );
});

test("a file without vectors fails, and does not throw", () => {
  for (const json of [undefined, null, 7, "x", {}, { vectors: 1 }, [null]])
    assert.is(runPhyVectors(json).failed.length, 1);
});

test.run();
