import { test } from "uvu";

test("is fine", () => undefined);
test.run();
process.exit(0);
