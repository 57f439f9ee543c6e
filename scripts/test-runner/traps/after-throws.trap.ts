import { suite } from "uvu";

const meters = suite("meters");
meters.after(() => {
  throw new Error("cannot close");
});
meters("are counted", () => undefined);
meters.run();
