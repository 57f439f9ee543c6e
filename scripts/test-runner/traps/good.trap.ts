import { suite, test } from "uvu";

const order: string[] = [];
const hooks = suite("hooks", { given: 3 });
hooks.before(() => void order.push("before"));
hooks.before.each(() => void order.push("each"));
hooks.after.each(() => void order.push("after each"));
hooks("get the context", (context) => {
  if (context.given !== 3 || order.join() !== "before,each") throw new Error(order.join());
});
hooks.run();

test("has no name of a suite", async () => {
  await Promise.resolve();
  console.log("NOT TRIED: the real thing, it is not installed");
});
process.on("exit", () => console.log("NOT TRIED: something said at the very end"));
test.skip("is skipped");
test.run();
