import { test } from "uvu";
import * as assert from "uvu/assert";
import { AntennaRoster } from "./antenna-roster.ts";

test("a flood of invented senders pushes out the longest silent, and stays within bounds", () => {
  const roster = new AntennaRoster();
  for (let number = 0; number < 1000; number++) {
    const address = `10.0.${number >> 8}.${number & 255}`;
    roster.knocked(address, null, number);
    roster.heard(number.toString(16).padStart(16, "0"), {
      address,
      lastHeardAt: number,
      protocolVersion: 2,
    });
  }
  assert.is(roster.knocking().length, 64);
  assert.is(roster.antennas().length, 256);
  assert.is(roster.antennas()[0]?.lastHeardAt, 999);
});

test("an antenna keeps its way down and its count when it pushes", () => {
  const roster = new AntennaRoster();
  const down = { address: "10.0.0.1", port: 4000, at: 1 };
  roster.heard("a1", { address: "10.0.0.1", lastHeardAt: 1, protocolVersion: 2, down });
  roster.heard("a1", { address: "10.0.0.1", lastHeardAt: 2, protocolVersion: 2, packets: 3 });
  roster.heard("a1", { address: "10.0.0.1", lastHeardAt: 3, protocolVersion: 2, packets: 2 });
  assert.equal(roster.antenna("a1"), {
    eui: "a1",
    address: "10.0.0.1",
    lastHeardAt: 3,
    protocolVersion: 2,
    down,
    packets: 5,
  });
});

test.run();
