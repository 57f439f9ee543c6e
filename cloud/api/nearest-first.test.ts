import { suite } from "uvu";
import * as assert from "uvu/assert";
import { nearestFirst } from "./nearest-first.ts";

const test = suite("names that were meant");

test("the name that is nearest comes first, the others as they came", () => {
  const names = ["limit", "offset", "status", "community", "unit"];
  assert.is(nearestFirst("comunity", names)[0], "community");
  assert.is(nearestFirst("Unit", names)[0], "unit");
  assert.equal(nearestFirst("qqqqqqqqqqqqqqqqqqqqqqqq", ["ab", "cd"]), ["ab", "cd"]);
  assert.equal(nearestFirst("x", []), []);
});

test.run();
