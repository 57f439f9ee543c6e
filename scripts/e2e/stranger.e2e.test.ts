import { test } from "uvu";
import * as assert from "uvu/assert";
import { openTown } from "./small-town.ts";

export const timeoutMs = 60_000;
const HOUR = 3_600_000;
const STRANGER = "24e124136b502217";
/** Milesight EM300-TH: a temperature in tenths of a degree, and a humidity in halves of a percent. */
const warm = (tenths: number) =>
  Uint8Array.of(0x03, 0x67, tenths & 0xff, tenths >> 8, 0x04, 0x68, 96);

test("a device that was heard for hours is accepted in one step, and what it said before is its own, each once", async () => {
  const town = await openTown();
  const { ask, hear, soon, tenant } = town;
  try {
    const start = Date.now() - 3 * HOUR;
    const heard = [0, 1, 2].map((n) => ({ at: start + n * HOUR, tenths: 240 + n }));
    for (const [n, { at, tenths }] of heard.entries())
      await hear(STRANGER, n + 1, warm(tenths), at, 85);
    const sighting = await soon("the stranger on the hub", async () => {
      const { data } = await ask("GET", "/unregistered");
      return data.find(({ dev_eui }: { dev_eui: string }) => dev_eui === STRANGER);
    });
    assert.is(sighting.guess.model.split("/")[0], "milesight");

    const { data: homes } = await ask("GET", `/units?community=${tenant}`);
    const [home] = homes;
    const { data } = await ask("POST", "/unregistered/accept", {
      rows: [
        {
          dev_eui: STRANGER.toUpperCase(),
          device_name: "Warmth",
          decoder: "milesight/em300-th",
          kind: "temperature",
          unit_id: home.id,
        },
        { dev_eui: "0badc0de0badc0de", community: tenant },
      ],
    });
    assert.equal(
      data.rows.map(({ ok, error }: { ok: boolean; error: { code: string } | null }) => [
        ok,
        error?.code ?? null,
      ]),
      [
        [true, null],
        [false, "not_found"],
      ],
    );
    assert.is((await ask("GET", "/unregistered")).total, 0);

    await hear(STRANGER, 4, warm(250), Date.now(), 85);
    const device = await soon("all that was heard", async () => {
      const { data: one } = await ask("GET", `/devices/${STRANGER}?include=telemetry`);
      return one.uplinks.length >= 4 && one.readings.length >= 4 && one;
    });
    const values = device.readings.map(
      ({ values: all }: { values: { register: string; n: number; scale: number }[] }) =>
        Math.round((all[0]?.n ?? NaN) * 10 ** (all[0]?.scale ?? 0) * 10),
    );
    assert.equal(values, [250, 242, 241, 240], "newest first, each once");
    assert.equal(
      device.readings.slice(1).map(({ at }: { at: string }) => Date.parse(at)),
      heard.map(({ at }) => at).toReversed(),
      "at the times they were sent",
    );
  } finally {
    await town.end();
  }
});

test.run();
