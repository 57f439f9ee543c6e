import { test } from "uvu";
import * as assert from "uvu/assert";
import { nextFCnt } from "./frame-counter.ts";
import { LorawanError } from "./lorawan-error.ts";

const cases: [last: number | undefined, fCnt16: number, next: number, why: string][] = [
  [undefined, 0, 0, "the first frame of a session"],
  [undefined, 40_000, 40_000, "the first frame heard is not the first sent"],
  [0, 1, 1, "the next frame"],
  [7, 7, 7, "the same frame again"],
  [65_535, 0, 65_536, "the lower half turns over"],
  [65_530, 3, 65_539, "it turned over while frames were lost"],
  [196_607, 196_600 & 0xffff, 262_136, "an older frame comes out too high"],
  [4_294_967_290, 0xffff, 4_294_967_295, "the last counter there is"],
];

test("the counter goes on from the last one", () => {
  for (const [last, fCnt16, next, why] of cases) assert.is(nextFCnt(last, fCnt16), next, why);
});

test("a counter above 32 bits ends the session", () => {
  assert.throws(
    () => nextFCnt(4_294_967_295, 0),
    (error: unknown) => error instanceof LorawanError && error.code === "fcnt_exhausted",
  );
});

test("what is no counter is refused", () => {
  for (const [last, fCnt16] of [
    [-1, 0],
    [2 ** 32, 0],
    [0.5, 0],
    [0, 65_536],
    [0, -1],
    [0, Number.NaN],
  ] as const) {
    assert.throws(
      () => nextFCnt(last, fCnt16),
      (error: unknown) => error instanceof LorawanError && error.code === "out_of_range",
    );
  }
});

test.run();
