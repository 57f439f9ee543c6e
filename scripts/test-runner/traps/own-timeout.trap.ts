import { test } from "uvu";

export const timeoutMs = 20;
test("waits longer than its file allows", () =>
  new Promise((resolve) => setTimeout(resolve, 5_000)));
test.run();
