import { suite } from "uvu";
import * as assert from "uvu/assert";
import { claimLabel, readClaimLabel } from "./claim-label.ts";

const test = suite("claim label");

test("a scan says the hub's address and the code", () => {
  const [hub, code] = ["https://hub.example.org:8443", "7K3QF-9XM2B"];
  assert.equal(readClaimLabel(claimLabel(hub, code)), { hub, code });
  assert.equal(readClaimLabel(` ${claimLabel(hub, code)}\n`), { hub, code });
});

test("a code alone, an address alone and anything else are no label", () => {
  for (const text of [
    "",
    "7K3QF-9XM2B",
    "https://hub.example.org",
    "https://hub.example.org/claim",
    "https://hub.example.org/claim#",
    "ftp://hub.example.org/claim#7K3QF-9XM2B",
    "https://hub.example.org/other#7K3QF-9XM2B",
    `https://hub.example.org/claim#${"A".repeat(41)}`,
  ])
    assert.is(readClaimLabel(text), undefined, text);
});

test.run();
