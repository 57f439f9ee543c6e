import { test } from "uvu";

test("waits for ever", () => new Promise(() => undefined));
test("comes after it", () => undefined);
test.run();
