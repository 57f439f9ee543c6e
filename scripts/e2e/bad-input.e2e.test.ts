/**
 * What cannot be, heard in a building: kept raw, told to the hub, marked, and on no bill.
 */
import type { BillingRow } from "#shared/api/reports.ts";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Conservation } from "#shared/api/conservation.ts";
import { openTown } from "./small-town.ts";

export const timeoutMs = 90_000;
const HOUR = 3_600_000;

/** A meter whose first byte says what it does wrong. */
const source = `function decodeUplink(input) {
  var b = input.bytes;
  var litres = ((b[1] << 24) | (b[2] << 16) | (b[3] << 8) | b[4]) >>> 0;
  if (b[0] === 1) return { data: { litres: NaN } };
  if (b[0] === 2) return { data: { litres: Infinity } };
  if (b[0] === 3) return { data: { litres: -5 } };
  if (b[0] === 4) return { data: { litres: 4e12 } };
  if (b[0] === 5) {
    var past = [];
    for (var i = 0; i < 10000; i++) past.push({ t: 1700000000 + i, v: i });
    return { data: { litres: litres, past: past } };
  }
  if (b[0] === 6) return { data: { gallons: litres } };
  return { data: { litres: litres } };
}`;
const mapping = {
  fields: [
    { path: "litres", register: "8-0:1.0.0", unit: "L" },
    { path: "gallons", register: "8-0:1.0.0", unit: "gal" },
  ],
  lists: [{ at: "past", time: "t", fields: [{ path: "v", register: "8-0:1.0.0", unit: "L" }] }],
};
const frame = (litres: number, wrong = 0) => {
  const bytes = Buffer.alloc(5);
  bytes[0] = wrong;
  bytes.writeUInt32BE(litres, 1);
  return bytes;
};

test("numbers that are none, absurd indexes, other units, far times and 10,000 values are kept raw, marked, and on no bill", async () => {
  const town = await openTown({ model: "own/wrong" });
  const { ask, meter, soon, hub } = town;
  try {
    await ask("POST", "/decoders", {
      slug: "wrong",
      title: "A meter that does wrong",
      source,
      mapping,
      examples: [{ hex: frame(1000).toString("hex"), fPort: 7 }],
    });
    const start = Date.now() - 60 * HOUR;
    let sent = 0;
    const hear = (bytes: Uint8Array, time: number) => town.hear(meter, ++sent, bytes, time);
    const litresAt = (hour: number) => 13_000 + 10 * hour;
    const refused = async (reason: string) => {
      const text = await (await fetch(`${town.edge.url}/metrics`)).text();
      return Number(new RegExp(`riser_refused_total{reason="${reason}"} (\\d+)`).exec(text)?.[1]);
    };
    await soon("a frame that the gateway decodes itself", async () => {
      const before = await refused("decoder_missing");
      await hear(frame(litresAt(0)), start - 10 * HOUR + sent * 1_000);
      return (await refused("decoder_missing")) === before;
    });
    for (let hour = 0; hour <= 20; hour++) await hear(frame(litresAt(hour)), start + hour * HOUR);
    const wrongMs = start + 20.1 * HOUR;
    for (const [i, wrong] of [1, 2, 3, 4, 5, 6].entries())
      await hear(frame(litresAt(20), wrong), wrongMs + i * 60_000);
    await hear(frame(4_000_000_000), wrongMs + 10 * 60_000);
    await hear(frame(litresAt(20)), Date.UTC(2106, 1, 7));
    await hear(frame(litresAt(20)), -1);
    assert.is(
      await refused("message_invalid"),
      1,
      "a time before all times is refused and counted",
    );
    assert.is(await refused("payload_undecodable"), 1, "10,000 values in one uplink");
    for (let hour = 21; hour <= 50; hour++) await hear(frame(litresAt(hour)), start + hour * HOUR);

    const chains = await soon("every one of them on the hub", async () => {
      await hub.caughtUp();
      const { data } = await ask("GET", `/conservation?community=${town.tenant}`);
      const { chains } = data as Conservation;
      return chains[0]?.uplinks === sent - 1 && chains;
    });
    assert.equal(chains[0]?.damaged, []);
    const bill = await soon("the bill", async () => {
      await hub.caughtUp();
      const { data } = await ask(
        "GET",
        `/reports/billing?community=${town.tenant}&from=2025-01-02&to=${day(Date.now() + 24 * HOUR)}`,
      );
      const rows = (data as BillingRow[]).filter(({ dev_eui }) => dev_eui === meter);
      return rows.at(-1)?.end?.index === "13.500" && rows;
    });
    const [row] = bill;
    assert.equal([row?.start?.index, row?.consumption], ["12.340", "1.160"], JSON.stringify(row));
    assert.is(row?.is_estimated, true);
    const { data } = await ask(
      "GET",
      `/devices/${meter}/consumption?from=${day(start - 24 * HOUR)}&to=${day(Date.now() + 24 * HOUR)}&step=day`,
    );
    const marks = (data.periods as { marks: string[] }[]).flatMap((one) => one.marks);
    for (const mark of ["negative", "absurd", "spike", "unit_changed"])
      assert.ok(marks.includes(mark), `${mark} among ${marks.join()}`);
    const undecoded = (await ask("GET", "/undecoded?limit=50")).data as { reason: string }[];
    assert.ok(
      undecoded.some(({ reason }) => /too many fields/.test(reason)),
      JSON.stringify(undecoded),
    );
  } finally {
    await town.end();
  }
});

const day = (timeMs: number) => new Date(timeMs).toISOString().slice(0, 10);

test.run();
