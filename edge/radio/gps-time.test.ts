import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromGps } from "#shared/formats/instants.ts";
import { toGpsMs } from "./gps-time.ts";

test("GPS time is 18 seconds ahead of UTC and goes there and back", () => {
  const time = Date.UTC(2026, 10, 23, 12, 0, 0, 250);
  assert.is(toGpsMs(time), time - Date.UTC(1980, 0, 6) + 18_000);
  assert.is(fromGps(toGpsMs(time)), time);
});

test.run();
