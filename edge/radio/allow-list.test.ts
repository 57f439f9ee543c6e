import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { allowList } from "./allow-list.ts";

test("addresses and ranges of both families are allowed, and nothing beside them", () => {
  const isAllowed = allowList(["192.168.1.20", "10.1.0.0/16", "::1", "fd00::/8"]);
  for (const address of [
    "192.168.1.20",
    "10.1.255.3",
    "::1",
    "fd12::9",
    "fd12::9%eth0",
    "::ffff:10.1.2.3",
  ])
    assert.ok(isAllowed(address), address);
  for (const address of [
    "192.168.1.21",
    "10.2.0.0",
    "::2",
    "fe80::1",
    "::ffff:10.2.0.1",
    "",
    "nonsense",
  ])
    assert.not.ok(isAllowed(address), address);
});

test("an empty list allows nobody", () => {
  assert.not.ok(allowList([])("127.0.0.1"));
});

test("an entry that is no address is named", () => {
  for (const entry of [
    "",
    "gateway",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "::1/129",
    "10.0.0.0/",
    "300.1.1.1",
  ]) {
    try {
      allowList(["127.0.0.1", entry]);
      assert.unreachable(entry);
    } catch (error) {
      assert.ok(isFault(error, "invalid") && error.message.includes(`"${entry}"`), entry);
    }
  }
});

test.run();
