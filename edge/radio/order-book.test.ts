import { test } from "uvu";
import * as assert from "uvu/assert";
import { steerableClock } from "#shared/testing/steerable-clock.ts";
import { orderBook } from "./order-book.ts";

test("an answer settles its own order, from its own antenna, and no other", async () => {
  const book = orderBook(steerableClock());
  const tokens: number[] = [];
  const first = book.place("a1", (token) => tokens.push(token));
  const second = book.place("a2", (token) => tokens.push(token));
  book.answered(tokens[1]!, "a1", "NONE");
  book.answered(0x7777, "a1", "NONE");
  book.answered(tokens[1]!, "a2", "TOO_LATE");
  book.answered(tokens[0]!, null, "NONE");
  assert.equal(await first, { outcome: "sent" });
  assert.equal(await second, { outcome: "refused", reason: "TOO_LATE" });
});

test("silence is an outcome, and a late answer harms nothing", async () => {
  const clock = steerableClock();
  const book = orderBook(clock);
  let given = -1;
  const placed = book.place("a1", (token) => void (given = token));
  await clock.advance(2000);
  assert.equal(await placed, { outcome: "silent" });
  book.answered(given, "a1", "NONE");
});

test("with all tokens in use an order is refused, and taken again when one is free", async () => {
  const clock = steerableClock();
  const book = orderBook(clock);
  const all = Array.from({ length: 0x1_0000 }, () => book.place("a1", () => undefined));
  assert.equal(await book.place("a1", () => assert.unreachable("no token is free")), {
    outcome: "refused",
    reason: "TOO_MANY_ORDERS",
  });
  book.answered(7, "a1", "NONE");
  assert.equal(await all[7], { outcome: "sent" });
  const placed = book.place("a1", (token) => assert.is(token, 7));
  book.answered(7, "a1", "NONE");
  assert.equal(await placed, { outcome: "sent" });
});

test.run();
