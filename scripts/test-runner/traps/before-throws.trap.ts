import { suite } from "uvu";

const meters = suite("meters");
meters.before(() => {
  throw new Error("no database");
});
meters("are counted", () => undefined);
meters.run();
