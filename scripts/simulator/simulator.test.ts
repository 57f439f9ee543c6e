import { createSocket, type Socket } from "node:dgram";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { embeddedBroker, type Broker } from "#edge/mqtt/broker.ts";
import { findDecoder } from "#shared/devices/list.ts";
import { recognise } from "#shared/formats/list.ts";
import { readMessage } from "#shared/formats/message.ts";
import { buildAck, parseDatagram } from "#shared/formats/semtech-udp.ts";
import { systemClock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import type { Uplink } from "#shared/model/uplink.ts";
import { inventBuilding } from "#scripts/demo/building.ts";
import { keyOf, readAcknowledged } from "./acknowledged.ts";
import { historyOf } from "./history.ts";
import { Plan, readPlan } from "./plan.ts";
import { simulateBuilding, type Progress } from "./simulate-building.ts";

const NOW = Date.UTC(2026, 10, 23, 12, 34);
const building = inventBuilding({
  seed: "test",
  nowMs: NOW,
  homes: 4,
  historyDays: 3,
  liveEveryMs: 200,
  silentDaysAgo: 1,
  randomHex: (bytes) => "0f".repeat(bytes),
});
const { plan } = building;
const expected = historyOf(plan);
const told = Array.from({ length: expected.places }, (_, place) => expected.at(place)).filter(
  (uplink) => uplink !== undefined,
);

interface Place {
  readonly folder: string;
  readonly heard: Omit<Uplink, "heardAt">[];
  /** PUSH_DATA received and their join requests. */
  readonly joins: { count: number };
  broker: Broker;
  readonly udp: Socket;
  refuseFrom: number;
  onHeard: () => void;
}
const simulator = suite<Place>("simulator");

async function startBroker(place: Place): Promise<Broker> {
  return embeddedBroker({
    host: "127.0.0.1",
    port: 0,
    users: {
      isRight: (name, password) => Promise.resolve(name === "simulator" && password === "secret"),
      mayPublish: () => true,
      maySubscribe: () => false,
    },
    async heard(topic, bytes) {
      if (place.heard.length >= place.refuseFrom) {
        place.refuseFrom = Infinity;
        throw new Fault("unavailable", "not now");
      }
      place.onHeard();
      const message = readMessage(topic, bytes);
      place.heard.push(...(recognise(message)?.parse(message, { heardAt: NOW }).uplinks ?? []));
    },
    tally: { refused: () => undefined },
    log: { warn: () => undefined },
  });
}

simulator.before.each(async (place) => {
  const udp = createSocket("udp4");
  const joins = { count: 0 };
  udp.on("message", (bytes, from) => {
    const datagram = parseDatagram(bytes);
    if (datagram.type === "PULL_DATA")
      udp.send(buildAck("PULL_ACK", datagram.token), from.port, from.address);
    if (datagram.type !== "PUSH_DATA") return;
    joins.count += datagram.packets.filter(({ phy }) => phy.length === 23).length;
    udp.send(buildAck("PUSH_ACK", datagram.token), from.port, from.address);
  });
  await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve));
  const folder = await mkdtemp(join(tmpdir(), "riser-simulator-"));
  Object.assign(place, {
    folder,
    heard: [],
    joins,
    udp,
    refuseFrom: Infinity,
    onHeard: () => undefined,
  });
  place.broker = await startBroker(place);
});
simulator.after.each(async ({ folder, udp, broker }) => {
  await new Promise<void>((resolve) => udp.close(() => resolve()));
  await broker.stop();
  await rm(folder, { recursive: true });
});

/** Runs until `isEnough` says so, then stops and resolves with the last progress. */
async function run(
  place: Place,
  isEnough: (progress: Progress) => boolean,
  { mostUnderWay = 50, stopAfter = Infinity } = {},
): Promise<Progress> {
  const stop = new AbortController();
  place.onHeard = () => place.heard.length >= stopAfter && stop.abort();
  let last: Progress | undefined;
  await simulateBuilding({
    plan,
    stateFolder: place.folder,
    udp: { host: "127.0.0.1", port: place.udp.address().port },
    mqttUrl: `mqtt://simulator:secret@127.0.0.1:${place.broker.port}`,
    speed: 1,
    mostUnderWay,
    clock: systemClock,
    signal: stop.signal,
    onProgress(progress) {
      last = progress;
      if (isEnough(progress)) stop.abort();
    },
    onTrouble: () => undefined,
  });
  assert.ok(last);
  return last;
}

const inList = (uplink: Omit<Uplink, "heardAt">) =>
  keyOf({
    deviceId: uplink.deviceId,
    devAddr: uplink.session ?? "",
    fCnt: uplink.fCnt ?? -1,
    payloadHex: Buffer.from(uplink.payload).toString("hex"),
  });

simulator(
  "the whole history is heard with its original times, and each of its payloads can be read",
  async (place) => {
    await run(place, ({ phase }) => phase === "live");
    const heard = place.heard.slice(0, told.length);
    assert.is(heard.length, told.length);
    const byKey = new Map(heard.map((uplink) => [inList(uplink), uplink]));
    for (const { device, fCnt, payload, timeMs } of told) {
      const payloadHex = Buffer.from(payload).toString("hex");
      const found = byKey.get(
        keyOf({ deviceId: device.devEui, devAddr: device.devAddr, fCnt, payloadHex }),
      );
      assert.is(found?.time, timeMs);
      const context = { fPort: found?.fPort ?? null, heardAt: NOW };
      assert.ok((findDecoder(device.model)?.decode(payload, context).length ?? 0) > 0);
    }
  },
);

simulator("the history comes in the order of time", () => {
  for (let i = 1; i < told.length; i++) assert.ok(told[i]!.timeMs >= told[i - 1]!.timeMs);
});

simulator("a silent meter says nothing more, and the others go on", () => {
  const silent = building.stories.silent.devEui;
  const lastOf = (devEui: string) =>
    told.findLast(({ device }) => device.devEui === devEui)?.timeMs ?? 0;
  assert.ok(lastOf(silent) < NOW - 86_400_000);
  assert.ok(lastOf(plan.devices[0]!.devEui) > NOW - 2 * 3_600_000);
});

simulator(
  "stopped in the middle it goes on where it was, and its list ends up whole",
  async (place) => {
    const first = await run(place, () => false, { mostUnderWay: 5, stopAfter: 100 });
    assert.ok(first.acknowledged < told.length, "it was stopped in the middle");
    await run(place, ({ phase }) => phase === "live");
    const list = (await readAcknowledged(place.folder)).filter(({ way }) => way === "history");
    assert.is(list.length, told.length);
    const heard = new Set(place.heard.map(inList));
    for (const line of list) assert.ok(heard.has(keyOf(line)));
  },
);

simulator("what a broker did not take is sent again, same bytes", async (place) => {
  place.refuseFrom = 20;
  await run(place, ({ phase }) => phase === "live");
  const list = (await readAcknowledged(place.folder)).filter(({ way }) => way === "history");
  assert.is(list.length, told.length);
  assert.is(new Set(place.heard.map(inList)).size >= told.length, true);
});

simulator(
  "live, devices ask to join over the air and the others go on counting over MQTT",
  async (place) => {
    await run(place, ({ acknowledged }) => place.joins.count > 3 && acknowledged > told.length + 2);
    const live = (await readAcknowledged(place.folder)).filter(({ way }) => way === "mqtt");
    assert.ok(live.length > 0);
    for (const { deviceId, fCnt, isStranger } of live) {
      const device = plan.devices.find(({ devEui }) => devEui === deviceId);
      assert.is(device?.way, "mqtt");
      assert.is(isStranger ?? false, device?.isStranger);
      assert.ok(fCnt >= 72);
    }
  },
);

simulator(
  "a line that was cut off is left out of the list, and none beside it",
  async ({ folder }) => {
    const line = (fCnt: number) =>
      JSON.stringify({
        deviceId: "d",
        devAddr: "a",
        fCnt,
        payloadHex: "00",
        at: "",
        way: "history",
      });
    const file = join(folder, "acknowledged.jsonl");
    await writeFile(file, `${line(1)}\n${line(2).slice(0, 30)}`);
    await appendFile(file, `\n${line(3)}\n${line(3)}\n`);
    assert.equal(
      (await readAcknowledged(folder)).map(({ fCnt }) => fCnt),
      [1, 3],
    );
  },
);

simulator("a plan that is wrong is refused with the place", async ({ folder }) => {
  const file = join(folder, "plan.json");
  await writeFile(
    file,
    JSON.stringify({ ...plan, devices: [{ ...plan.devices[0], household: 99 }] }),
  );
  const error = await readPlan(file).then(
    () => undefined,
    (error: Fault) => error,
  );
  assert.match(error?.message ?? "", /no such household[\s\S]*devices\[0\]/);
});

simulator("a plan comes back from its JSON as it was", () => {
  assert.equal(Plan.parse(JSON.parse(JSON.stringify(plan))), plan);
});

simulator.run();
