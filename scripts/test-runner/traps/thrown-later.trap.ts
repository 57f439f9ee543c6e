import { test } from "uvu";

test("throws when nobody looks", async () => {
  setTimeout(() => {
    throw new Error("too late");
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
});
test.run();
