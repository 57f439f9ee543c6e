import { suite } from "uvu";
import * as assert from "uvu/assert";
import { packetLimit } from "./packet-limit.ts";

const test = suite("packet limit");
const packet = (bytes: number) => {
  const head = [0x30];
  let rest = bytes;
  do {
    const digit = rest % 128;
    rest = Math.floor(rest / 128);
    head.push(rest > 0 ? digit | 0x80 : digit);
  } while (rest > 0);
  return Buffer.concat([Buffer.from(head), Buffer.alloc(bytes, 0xff)]);
};

test("packets up to the limit pass, however they are cut", () => {
  const all = Buffer.concat([0, 1, 127, 128, 1_000, 16_384, 2].map(packet));
  for (const cut of [1, 2, 3, 7, 100, all.length]) {
    const may = packetLimit(16_384);
    for (let at = 0; at < all.length; at += cut) assert.ok(may(all.subarray(at, at + cut)));
  }
});

test("one that announces more is seen by its first bytes", () => {
  assert.not(packetLimit(16_384)(packet(16_385).subarray(0, 4)));
  assert.not(packetLimit()(Uint8Array.of(0x10, 0xff, 0xff, 0xff, 0x7f)));
  assert.not(packetLimit()(Uint8Array.of(0x10, 0x80, 0x80, 0x80, 0x80, 0x01)), "five digits");
  const may = packetLimit(100);
  assert.ok(may(packet(100)));
  assert.not(may(packet(101)));
});

test.run();
