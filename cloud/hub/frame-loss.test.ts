import { test } from "uvu";
import * as assert from "uvu/assert";
import { frameLoss } from "./frame-loss.ts";

const frames = (session: string, ...counters: number[]) =>
  counters.map((fCnt) => ({ session, fCnt }));

test("gaps between counters are lost frames; copies and late ones are none", () => {
  const heard = frames("a", 10, 11, 14, 15, 15, 13, 16);
  assert.equal(frameLoss(heard), { received: 6, lost: 1, loss_pct: 14.3 });
});

test("a new session, a counter that jumped and sources without counters lose nothing", () => {
  const heard = [...frames("a", 500, 501), ...frames("b", 0, 1, 2), ...frames("b", 900_000)];
  assert.equal(frameLoss(heard), { received: 6, lost: 0, loss_pct: 0 });
  assert.equal(frameLoss([{ session: null, fCnt: 3 }]), { received: 0, lost: 0, loss_pct: null });
});

test("a few frames tell nothing", () => {
  assert.is(frameLoss(frames("a", 1, 9)).loss_pct, null);
});

test.run();
