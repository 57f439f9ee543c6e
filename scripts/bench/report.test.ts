import { test } from "uvu";
import * as assert from "uvu/assert";
import { asJson, asTable, type BenchRow } from "./report.ts";

const rows: BenchRow[] = [
  {
    bench: "decode",
    case: "a frame",
    value: 147_398.4,
    unit: "frames/s",
    rival: "other",
    ratio: 34.5,
    target: 25,
    met: true,
  },
  { bench: "decode", case: "a longer case", value: 0.0123, unit: "ms" },
];

test("a row as JSON is one line that reads back as the row", () => {
  for (const row of rows) {
    assert.not.match(asJson(row), "\n");
    assert.equal(JSON.parse(asJson(row)), row);
  }
});

test("the table has a line per row under its headings, and no column that nobody fills", () => {
  const lines = asTable(rows).split("\n");
  assert.is(lines.length, 3);
  assert.match(lines[1] ?? "", /decode +a frame +147,398 +frames\/s +other +34\.5 +25 +yes/);
  assert.match(lines[2] ?? "", "0.0123");
  assert.not.match(asTable(rows.slice(1)), "rival");
});

test("a missed target stands out", () => {
  assert.match(asTable([{ ...(rows[0] as BenchRow), met: false }]), /NO$/m);
});

test.run();
