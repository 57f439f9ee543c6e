import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromGps, readInstant } from "./instants.ts";

test("reads nanoseconds, offsets and spaces, cutting to milliseconds", () => {
  assert.is(
    readInstant("2022-07-18T09:34:15.775923242+00:00"),
    Date.UTC(2022, 6, 18, 9, 34, 15, 775),
  );
  assert.is(readInstant("2022-07-18T11:34:15.7+02:00"), Date.UTC(2022, 6, 18, 9, 34, 15, 700));
  assert.is(readInstant("2013-03-31T16:21:17Z"), Date.UTC(2013, 2, 31, 16, 21, 17));
  assert.is(readInstant("2022-07-18 01:00:00-0330"), Date.UTC(2022, 6, 18, 4, 30));
});

test("has no moment for local, impossible or other text", () => {
  for (const text of [
    "2021-10-26T17:28:45",
    "2022-02-30T00:00:00Z",
    "2022-13-01T00:00:00Z",
    "2022-01-01T24:00:00Z",
    "yesterday",
    "",
    5,
    null,
    "1969-12-31T23:59:59Z",
  ])
    assert.is(readInstant(text), undefined);
});

test("turns GPS time into UTC", () => {
  assert.is(fromGps(1_126_259_462_000), Date.UTC(2015, 8, 14, 9, 50, 44));
});

test.run();
