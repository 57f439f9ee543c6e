import { test } from "uvu";
import * as assert from "uvu/assert";
import { airtimeMs } from "./airtime.ts";
import { transmitQueue, type Order } from "./transmit-queue.ts";

const order = (fields: Partial<Order>): Order => ({
  phy: new Uint8Array(33),
  tmst: 5_000_000,
  frequencyHz: 868_100_000,
  sf: 7,
  bandwidthHz: 125_000,
  powerDbm: 14,
  isInverted: true,
  ...fields,
});

test("an order is placed when it can still be prepared, also across the counter's wrap", () => {
  assert.is(transmitQueue().place(order({}), 0, 1000), 5_000_000);
  assert.is(transmitQueue().place(order({ tmst: 704 }), 2 ** 32 - 1_000_000, 1000), 1_000_704);
  assert.is(transmitQueue().place(order({}), 4_970_000, 1000), "TOO_LATE");
  assert.is(transmitQueue().place(order({}), 5_000_001, 1000), "TOO_LATE");
  assert.is(transmitQueue().place(order({ tmst: 400_000_000 }), 0, 1000), "TOO_EARLY");
});

test("one transmitter sends one frame at a time", () => {
  const queue = transmitQueue();
  assert.is(queue.place(order({}), 0, 70_000), 5_000_000);
  assert.is(queue.place(order({ tmst: 5_069_999 }), 0, 70_000), "COLLISION_PACKET");
  assert.is(queue.place(order({ tmst: 4_930_001 }), 0, 70_000), "COLLISION_PACKET");
  assert.is(queue.place(order({ tmst: 5_070_000 }), 0, 70_000), 5_070_000);
  assert.is(queue.place(order({ tmst: 9_000_000 }), 8_000_000, 70_000), 1_000_000);
});

test("what the band does not allow is refused", () => {
  assert.is(transmitQueue().place(order({ frequencyHz: 915_000_000 }), 0, 1), "TX_FREQ");
  assert.is(transmitQueue().place(order({ powerDbm: 30 }), 0, 1), "TX_POWER");
});

test("airtimes are those of Semtech's calculator", () => {
  const ms = (bytes: number, sf: number, hasCrc = true) =>
    Number(airtimeMs(bytes, { sf, bandwidthHz: 125_000, hasCrc }).toFixed(3));
  assert.is(ms(23, 7), 61.696);
  assert.is(ms(23, 12), 1482.752);
  assert.is(ms(51, 10), 616.448);
});

test.run();
