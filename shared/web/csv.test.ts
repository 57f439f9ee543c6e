import { test } from "uvu";
import * as assert from "uvu/assert";
import { toCsv } from "./csv.ts";

test("a cell that a spreadsheet would calculate is made harmless", () => {
  for (const bad of ["=1+1", "+41", "-2", "@SUM(A1)", "\tx"])
    assert.is(toCsv([[bad]]), `\uFEFF'${bad}\r\n`);
  assert.is(toCsv([["\r=1"]]), '\uFEFF"\'\r=1"\r\n');
});

test("a negative number stays a number", () => {
  assert.is(toCsv([[-2.5, 0]]), "\uFEFF-2.5;0\r\n");
  assert.is(toCsv([[-2.5]], ","), "\uFEFF-2,5\r\n");
});

test("quotes, separators and line ends stay inside their cell", () => {
  assert.is(toCsv([['a"b', "a;b", "a\nb", null]]), '\uFEFF"a""b";"a;b";"a\nb";\r\n');
});

test.run();
