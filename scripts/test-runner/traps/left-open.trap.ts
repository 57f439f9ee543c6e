import { createServer } from "node:net";
import { test } from "uvu";

test("leaves a server open", () =>
  new Promise<void>((resolve) => createServer().listen(0, "127.0.0.1", resolve)));
test.run();
