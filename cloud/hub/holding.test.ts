import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CommunityId } from "#shared/model/ids.ts";
import { handedOn, readingsOf } from "./holding.ts";

const [A, B] = ["c-aaaaaaaaaaaaaaaa", "c-bbbbbbbbbbbbbbbb"] as [CommunityId, CommunityId];
const at = (month: number) => new Date(Date.UTC(2026, month - 1)).toISOString();

test("a device is handed on: the stretch before ends where the next begins", () => {
  const held = handedOn(handedOn([], A, at(1)), B, at(6));
  assert.equal(held, [
    { communityId: A, from: at(1), to: at(6) },
    { communityId: B, from: at(6) },
  ]);
  assert.equal(handedOn(held, B, at(7)), held, "who has it keeps it");
});

test("given back it is nobody's, and a stretch that would be empty falls away", () => {
  const held = handedOn([], A, at(3));
  assert.equal(handedOn(held, null, at(5)), [{ communityId: A, from: at(3), to: at(5) }]);
  assert.equal(handedOn(held, null, at(3)), []);
});

test("readings belong to who holds it, in between to who holds it next", () => {
  const held = handedOn(handedOn(handedOn([], A, at(1)), null, at(3)), B, at(5));
  assert.equal(readingsOf(held, A), [{ fromMs: -Infinity, toMs: Date.parse(at(3)) }]);
  assert.equal(readingsOf(held, B), [{ fromMs: Date.parse(at(3)), toMs: Infinity }]);
});

test.run();
