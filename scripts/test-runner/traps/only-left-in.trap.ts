import { test } from "uvu";

test("is left out", () => undefined);
test.only("is the only one", () => undefined);
test.run();
