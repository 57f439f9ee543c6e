import { test } from "uvu";

export const timeoutMs = 100;
test("blocks the process", () => {
  for (;;);
});
test.run();
