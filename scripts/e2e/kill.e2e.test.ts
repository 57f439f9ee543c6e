import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Program } from "#scripts/demo/program.ts";
import { keyOf, readAcknowledged } from "#scripts/simulator/acknowledged.ts";
import { metric } from "./metric.ts";
import { inCouch, inFolder } from "./segments-of.ts";
import { openSmallStage, type SmallStage } from "./small-stage.ts";

export const timeoutMs = 240_000;
const couchUrl = process.env.COUCHDB_URL;

/** SIGKILL, a moment of absence, and up again. */
async function kill(stage: SmallStage, which: Program, awayMs = 300): Promise<void> {
  await which.kill();
  await new Promise((resolve) => setTimeout(resolve, awayMs));
  which.start();
  await stage.isUp(which);
}

test("hub, gateway and building are killed in turn, and each acknowledged frame is on both sides exactly once", async () => {
  const stage = await openSmallStage({ couchUrl, inFlight: 5 });
  try {
    const { hub, gateway, simulator } = stage;
    const isDone = (places: number) =>
      stage.soon(`history beyond ${places}`, () => (stage.progress()?.done ?? 0) >= places);
    /** So many more than now, in the list of the building that runs. */
    const more = async (uplinks: number) => {
      const wanted = (stage.progress()?.acknowledged ?? 0) + uplinks;
      await stage.soon(
        `${uplinks} more acknowledged`,
        () => (stage.progress()?.acknowledged ?? 0) >= wanted,
      );
    };
    await isDone(100);
    await hub.kill();
    await isDone(200);
    await kill(stage, gateway);
    await isDone(300);
    await stage.killBuilding();
    await stage.soon("devices on air", () => (stage.progress()?.joined ?? 0) >= 3);
    await more(5);
    await kill(stage, gateway);
    await more(5);
    hub.start();
    await stage.isUp(hub);
    await more(5);
    await kill(stage, hub);
    await stage.killBuilding();
    await stage.soon(
      "the building goes on live",
      () => (stage.progress()?.acknowledged ?? 0) >= 10,
    );
    await simulator.stop();

    await stage.soon("everything is sealed and confirmed by the hub", async () => {
      const numbers = await Promise.all(
        ["riser_unsealed_uplinks", "riser_waiting_uplinks"].map((name) =>
          metric(stage.gatewayUrl, name),
        ),
      );
      return numbers.every((number) => number === 0);
    });
    assert.is(
      await metric(stage.gatewayUrl, 'riser_refused_total{reason="frame_replayed"}'),
      0,
      "no frame was taken for a replay",
    );
    assert.is(await metric(stage.hubUrl, 'riser_refused_total{reason="segment_damaged"}'), 0);
    assert.equal(await stage.stop(), [], "all of them stop when asked");

    const { tenantName } = stage.stories;
    const list = (await readAcknowledged(stage.simulatorFolder)).filter(
      ({ isStranger }) => !isStranger,
    );
    const onGateway = await inFolder(join(stage.gatewayFolder, "db"), tenantName);
    const onHub = couchUrl
      ? await inCouch(couchUrl, tenantName)
      : await inFolder(join(stage.hubFolder, "databases"), tenantName);
    const count = (way: string) => list.filter((line) => line.way === way).length;
    assert.is(count("history"), 672, "two days of fourteen meters");
    assert.ok(count("lorawan") > 10 && count("mqtt") > 0, "live, over the air and over MQTT");
    for (const [where, inventory] of [
      ["gateway", onGateway],
      ["hub", onHub],
    ] as const) {
      const lost = list.filter((line) => !inventory.has(keyOf(line)));
      const doubled = [...inventory].filter(([, times]) => times > 1);
      assert.equal(lost, [], `nothing is missing on the ${where}`);
      assert.equal(doubled, [], `nothing is twice on the ${where}`);
    }
    assert.equal(
      [...onHub.keys()].toSorted(),
      [...onGateway.keys()].toSorted(),
      "both hold the same",
    );
    // Taken, and killed before it could be written on the list: at most what was under way.
    assert.ok(
      onGateway.size - list.length <= 15,
      `${onGateway.size} kept, ${list.length} on the list`,
    );
    console.log(
      `${list.length} acknowledged (${count("history")} history, ${count("lorawan")} over the air, ${count("mqtt")} MQTT live), ${onGateway.size} on the gateway, ${onHub.size} on the hub`,
    );
  } finally {
    await stage.end();
  }
});

if (!couchUrl)
  process.on("exit", () =>
    console.log("NOT TRIED: the three processes with CouchDB (COUCHDB_URL is not set)"),
  );
test.run();
