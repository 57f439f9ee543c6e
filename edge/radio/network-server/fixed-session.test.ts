import { suite } from "uvu";
import * as assert from "uvu/assert";
import { buildDataFrame, parse, verifyDataMic } from "lorawan-packet-decoder";
import { DeviceId } from "#shared/model/ids.ts";
import type { FixedSession } from "#shared/model/site.ts";
import { networkSite } from "../testing/network-site.ts";

const test = suite("sessions for life");
const deviceId = DeviceId.parse("24e124136b502217");
const fixed: FixedSession = {
  devAddr: "260b1234",
  nwkSKey: "000102030405060708090a0b0c0d0e0f",
  appSKey: "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
  macVersion: "1.0",
};

/** A frame of the device as it is on air. */
function uplink(fCnt: number, { confirmed = false, session = fixed } = {}) {
  const { devAddr, nwkSKey, appSKey } = session;
  const phy = buildDataFrame({
    version: "1.0",
    direction: "up",
    devAddr,
    fCnt,
    confirmed,
    fPort: 2,
    payload: Buffer.from("01020304", "hex"),
    keys: { nwkSKey, appSKey },
  });
  return { phy, frequencyHz: 868_100_000, sf: 9, windows: [] };
}

async function siteWith(sessions: { of: FixedSession | undefined }) {
  return networkSite({
    fixedSessions: () => (sessions.of === undefined ? [] : [[deviceId, sessions.of]]),
    keysOf: (id) => (id === deviceId ? sessions.of : undefined),
  });
}

test("a device that never joins is heard and acknowledged a second after its frame", async () => {
  const site = await siteWith({ of: fixed });
  const orders = await site.hear(uplink(5, { confirmed: true }), { tmst: 1000 });
  assert.equal(
    site.ear.kept.map(({ deviceId: id, fCnt, fPort, payload, session }) => [
      id,
      fCnt,
      fPort,
      Buffer.from(payload).toString("hex"),
      session,
    ]),
    [[deviceId, 5, 2, "01020304", "260b1234-000000"]],
  );
  const [order] = orders;
  assert.equal([order?.afterS, order?.tmst, order?.sf], [1, 1_001_000, 9]);
  const answer = parse(order!.phy);
  assert.ok(answer.type === "dataDown" && answer.fCtrl.ack);
  assert.ok(verifyDataMic(answer, { version: "1.0", keys: { nwkSKey: fixed.nwkSKey }, fCnt: 0 }));
});

test("the machine that takes another's place answers it with counters past those that were used", async () => {
  const site = await siteWith({ of: fixed });
  for (let fCnt = 1; fCnt <= 3; fCnt++) await site.hear(uplink(fCnt, { confirmed: true }));
  const sessions = new Map(
    site.server.exports().map(({ deviceId: id, text }) => [id, text()] as const),
  );
  const next = await siteWith({ of: fixed });
  assert.is(await next.server.takeOver(sessions), 1);
  const [order] = await next.hear(uplink(4, { confirmed: true }));
  const answer = parse(order!.phy);
  assert.ok(answer.type === "dataDown" && answer.fCnt16 >= 32, JSON.stringify(answer));
  assert.is(next.ear.kept.at(-1)?.session, site.ear.kept.at(-1)?.session);
  assert.is(await next.server.takeOver(sessions), 0, "what was heard here is its own");
});

test("one whose session cannot be handed over is counted, heard all the same, and has nothing to join", async () => {
  const next = await siteWith({ of: fixed });
  const sessions = new Map([[deviceId, "{cut off"]]);
  assert.is(await next.server.takeOver(sessions), 0);
  assert.equal(next.tally.counts, { session_damaged: 1 });
  assert.equal(next.server.leftBehind(), []);
  await next.hear(uplink(4));
  assert.is(next.ear.kept.length, 1);
  await next.server.takeOver(sessions);
  assert.equal(next.tally.counts, { session_damaged: 1 });
});

test("its counter holds over a restart: what was heard before is a replay", async () => {
  const site = await siteWith({ of: fixed });
  await site.hear(uplink(5));
  await site.server.stop();
  await site.restart();
  await site.hear(uplink(4));
  await site.hear(uplink(6));
  assert.equal(
    site.ear.kept.map(({ fCnt }) => fCnt),
    [5, 6],
  );
  assert.equal(site.tally.counts, { frame_replayed: 1 });
});

test("keys that arrive later, or anew, begin a session of their own", async () => {
  const sessions: { of: FixedSession | undefined } = { of: undefined };
  const site = await siteWith(sessions);
  await site.hear(uplink(1));
  assert.equal(site.tally.counts, { session_unknown: 1 });
  sessions.of = fixed;
  await site.server.keysChanged();
  await site.hear(uplink(2));
  const other = { ...fixed, nwkSKey: "ff".repeat(16) };
  sessions.of = other;
  await site.server.keysChanged();
  await site.hear(uplink(0, { session: other }));
  await site.hear(uplink(3));
  assert.equal(
    site.ear.kept.map(({ fCnt, session }) => [fCnt, session]),
    [
      [2, "260b1234-000000"],
      [0, "260b1234-000001"],
    ],
  );
  assert.is(site.tally.counts.mic_wrong, 1);
});

test.run();
