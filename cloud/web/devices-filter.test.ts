import { test } from "uvu";
import * as assert from "uvu/assert";
import { devicesFilter, devicesLink } from "./devices-filter.ts";

test("a filter stands in the address and is read from it again", () => {
  const filter = { q: "3B & co", community: "c-1", status: "offline" as const };
  const link = devicesLink(filter);
  assert.is(link, "/devices?q=3B+%26+co&community=c-1&status=offline");
  assert.equal(devicesFilter(new URL(link, "http://x").searchParams), filter);
});

test("without a filter the address is bare", () => {
  assert.is(devicesLink({ q: "", community: "", status: "" }), "/devices");
  assert.is(devicesLink({ q: "", community: "", status: "" }, "0102"), "/devices/0102");
});

test("a status nobody knows is no filter", () => {
  assert.is(devicesFilter(new URLSearchParams("status=broken")).status, "");
});

test.run();
