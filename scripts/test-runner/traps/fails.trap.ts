import { suite } from "uvu";
import * as assert from "uvu/assert";

const sums = suite("sums");
sums("add up", () => {
  console.log("a line it printed");
  assert.equal(1 + 1, 3);
});
sums("stay", () => undefined);
sums.run();
