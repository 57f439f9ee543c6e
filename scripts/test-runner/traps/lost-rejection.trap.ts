import { test } from "uvu";

test("forgets a promise", () => {
  void Promise.reject(new Error("lost write"));
});
test.run();
