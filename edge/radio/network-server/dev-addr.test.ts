import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { countedRandom } from "../testing/network-site.ts";
import { drawDevAddr } from "./dev-addr.ts";

const all = (byte: number) => () => new Uint8Array(4).fill(byte);

test("addresses lie in the network's own range", () => {
  const isFree = () => false;
  assert.is(drawDevAddr("000000", all(0xff), isFree), "01ffffff");
  assert.is(drawDevAddr("000001", all(0), isFree), "02000000");
  assert.is(drawDevAddr("00003f", all(0xff), isFree), "7fffffff");
});

test("a taken address is drawn again, and shared only when luck has run out", () => {
  const random = countedRandom();
  const first = drawDevAddr("000000", countedRandom(), () => false);
  assert.is.not(
    drawDevAddr("000000", random, (devAddr) => devAddr === first),
    first,
  );
  assert.is(
    drawDevAddr("000000", all(7), () => true),
    "01070707",
  );
});

test("a NetID of another type is refused", () => {
  for (const netId of ["600013", "c00000", "00", "xyzxyz"]) {
    try {
      drawDevAddr(netId, all(0), () => false);
      assert.unreachable(netId);
    } catch (error) {
      assert.ok(isFault(error, "invalid"), netId);
    }
  }
});

test.run();
