import { test } from "uvu";

test("is fine", () => undefined);
test.run();
throw new Error("cannot be loaded");
