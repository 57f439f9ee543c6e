import { test } from "uvu";

test("is fine", () => undefined);
test("leaves the process", () => process.exit(0));
test("would fail", () => {
  throw new Error("never seen");
});
test.run();
