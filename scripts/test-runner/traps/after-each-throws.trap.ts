import { suite } from "uvu";

const meters = suite("meters");
meters.after.each(() => {
  throw new Error("cannot clean up");
});
meters("are counted", () => undefined);
meters.run();
