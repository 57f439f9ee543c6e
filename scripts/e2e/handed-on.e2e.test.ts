/**
 * A meter that is handed to another community while the gateway it leaves is away, and one whose handing
 * over is told afterwards: each reading is where it belongs, once.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openTown } from "./small-town.ts";

export const timeoutMs = 90_000;

const warmth = (tenths: number) => new Uint8Array([0x03, 0x67, tenths & 0xff, tenths >> 8]);

test("what a former gateway heard of a meter after it was handed on is the new community's, once", async () => {
  const town = await openTown({ model: "milesight/em300-th", kind: "temperature" });
  const { ask, hub, line, meter, soon } = town;
  try {
    const next = `${town.tenant}-next`;
    await ask("POST", "/customers", { name: "Next door", tenant_name: next });
    const shown = async () => {
      await hub.caughtUp();
      const { data } = await ask("GET", `/devices/${meter}?include=telemetry`);
      return (data.readings as { values: { n: number }[] }[])
        .map(({ values }) => values[0]?.n ?? 0)
        .sort((a, b) => a - b);
    };
    const start = Date.now() - 3_600_000;
    const minute = (n: number) => start + n * 60_000;
    for (let n = 0; n < 4; n++) await town.hear(meter, n + 1, warmth(201 + n), minute(n * 10));
    await soon("all is on the hub", async () => (await shown()).length === 4);

    // The gateway cannot know: it is away.
    line.weather = { kind: "down" };
    line.cut();
    // Told afterwards: from the twentieth minute on it was next door already.
    const from = new Date(minute(15)).toISOString();
    await ask("PUT", `/devices/${meter}/community`, { community: next, from });
    await soon("its readings since are there", async () => (await shown()).length === 2);
    assert.equal(await shown(), [203, 204]);

    await town.hear(meter, 5, warmth(205), minute(40));
    await town.hear(meter, 6, warmth(206), minute(50));
    line.weather = { kind: "fair" };
    await soon("what it heard meanwhile is there", async () => (await shown()).length === 4);
    assert.equal(await shown(), [203, 204, 205, 206]);

    await ask("PUT", `/devices/${meter}/community`, { community: town.tenant });
    await hub.caughtUp();
    assert.equal(await shown(), [201, 202], "what was before it was handed on stayed");
  } finally {
    await town.end();
  }
});

test.run();
