import { suite } from "uvu";
import * as assert from "uvu/assert";
import { hearMessage } from "#edge/mqtt/hear-message.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { simulatedDevice, type Transmission } from "#shared/testing/radio/simulated-device.ts";
import { gatewayBridge } from "./gateway-bridge.ts";
import { identity, networkSite } from "./testing/network-site.ts";

const test = suite("gateway bridge");
const EUI = "0016c001f153a14c";
const base64 = (hex: string) => Buffer.from(hex, "hex").toString("base64");

interface Command {
  readonly token?: number;
  readonly downlinkId?: number;
  readonly downlinkID?: string;
  readonly gatewayId?: string;
  readonly gatewayID?: string;
  readonly items: readonly { readonly phyPayload: string; readonly txInfo: unknown }[];
}

/** A site whose antennas are behind a broker that this test plays; `status` is what an antenna says to an order. */
async function bridgedSite(version: 3 | 4) {
  const site = await networkSite();
  const bridge = gatewayBridge({
    tally: site.tally,
    clock: site.clock,
    networkServer: { heardFrame: (heard) => site.server.heardFrame(heard) },
    log: site.log,
  });
  const commands: { topic: string; command: Command }[] = [];
  const air = { status: "OK", commands, bridge, site, hear, publish };
  async function publish(topic: string, body: unknown): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(body));
    await hearMessage(
      { ear: site.ear, tally: site.tally, clock: site.clock, bridge },
      topic,
      bytes,
      {
        place: "broker:1883",
        async publish(commandTopic, commandBytes) {
          const command = JSON.parse(Buffer.from(commandBytes).toString()) as Command;
          commands.push({ topic: commandTopic, command });
          const { token, downlinkId, downlinkID } = command;
          const items = [{ status: air.status }];
          await publish(
            `eu868/gateway/${EUI}/event/ack`,
            version === 3
              ? { gatewayID: base64(EUI), token, downlinkID, items }
              : { gatewayId: EUI, ...(downlinkId === 0 ? {} : { downlinkId }), items },
          );
        },
      },
    );
    await site.server.answered();
  }
  function upOf({ phy, frequencyHz, sf }: Transmission, rest: object = {}) {
    const common = { rssi: -52, context: "xwx0GQ==", ...rest };
    return version === 3
      ? {
          phyPayload: Buffer.from(phy).toString("base64"),
          txInfo: {
            frequency: frequencyHz,
            modulation: "LORA",
            loRaModulationInfo: { bandwidth: 125, spreadingFactor: sf, codeRate: "4/5" },
          },
          rxInfo: { gatewayID: base64(EUI), loRaSNR: 13.75, crcStatus: "CRC_OK", ...common },
        }
      : {
          phyPayload: Buffer.from(phy).toString("base64"),
          txInfo: {
            frequency: frequencyHz,
            modulation: { lora: { bandwidth: 125_000, spreadingFactor: sf, codeRate: "CR_4_5" } },
          },
          rxInfo: { gatewayId: EUI, uplinkId: 7895, snr: 13.75, ...common },
        };
  }
  /** Publishes a frame; the commands that came of it. */
  async function hear(transmission: Transmission, rest?: object) {
    const before = commands.length;
    await publish(`eu868/gateway/${EUI}/event/up`, upOf(transmission, rest));
    return commands.slice(before);
  }
  return air;
}

function bornOn(site: Awaited<ReturnType<typeof networkSite>>) {
  const born = identity(1);
  site.keys.set(born.devEui, { ...born, macVersion: "1.0" });
  return simulatedDevice(born);
}

for (const version of [3, 4] as const)
  test(`a device joins and is acknowledged through a bridge of ChirpStack ${version}`, async () => {
    const air = await bridgedSite(version);
    const device = bornOn(air.site);
    const [accept] = await air.hear(device.join());
    assert.is(accept?.topic, `eu868/gateway/${EUI}/command/down`);
    for (const { phyPayload } of accept?.command.items ?? [])
      device.receive(Buffer.from(phyPayload, "base64"));
    assert.ok(device.isJoined());

    const [answer] = await air.hear(
      device.uplink({ fPort: 2, payload: Buffer.from("01"), isConfirmed: true }),
    );
    for (const { phyPayload } of answer?.command.items ?? [])
      device.receive(Buffer.from(phyPayload, "base64"));
    assert.ok(device.isAcknowledged());
    assert.equal(
      air.site.ear.kept.map(({ fCnt, via, radio }) => [fCnt, via, radio?.antenna]),
      [[0, "lorawan", EUI]],
    );
    const { items } = answer?.command ?? { items: [] };
    const lora = { spreadingFactor: 7, codeRate: "4/5", polarizationInversion: true };
    assert.equal(
      items[0]?.txInfo,
      version === 3
        ? {
            gatewayID: base64(EUI),
            frequency: 868_300_000,
            power: 14,
            modulation: "LORA",
            loRaModulationInfo: { bandwidth: 125, ...lora },
            board: 0,
            antenna: 0,
            timing: "DELAY",
            delayTimingInfo: { delay: "5s" },
            context: "xwx0GQ==",
          }
        : {
            frequency: 868_300_000,
            power: 14,
            modulation: { lora: { bandwidth: 125_000, ...lora, codeRate: "CR_4_5" } },
            timing: { delay: { delay: "5s" } },
            context: "xwx0GQ==",
          },
    );
    assert.equal(air.site.tally.counts, {});
    assert.equal(
      air.bridge.antennas().map(({ eui, address }) => [eui, address]),
      [[EUI, "broker:1883"]],
    );
  });

test("an antenna that will not send in the first window is asked for the second, and the refusals are counted", async () => {
  const air = await bridgedSite(4);
  air.status = "TOO_LATE";
  const commands = await air.hear(bornOn(air.site).join());
  assert.equal(
    commands.map(({ command }) => (command.items[0]!.txInfo as { timing: unknown }).timing),
    [{ delay: { delay: "5s" } }, { delay: { delay: "6s" } }],
  );
  assert.is(air.site.tally.counts.downlink_refused, 2);
});

test("a frame that lay in the broker's queue is kept with the time it was sent, and not answered", async () => {
  const air = await bridgedSite(4);
  const device = bornOn(air.site);
  const now = () => air.site.clock.now();
  const [accept] = await air.hear(device.join(), { time: new Date(now() - 300).toISOString() });
  device.receive(Buffer.from(accept!.command.items[0]!.phyPayload, "base64"));
  const sentAt = now() - 7_200_000;
  const commands = await air.hear(
    device.uplink({ fPort: 2, payload: Buffer.from("01"), isConfirmed: true }),
    { time: new Date(sentAt).toISOString() },
  );
  assert.equal(commands, []);
  assert.equal(
    air.site.ear.kept.map(({ time, timeSource }) => [time, timeSource]),
    [[sentAt, "server"]],
  );
  // An antenna whose clock is wrong all the time is answered all the same.
  const early = await air.hear(
    device.uplink({ fPort: 2, payload: Buffer.from("02"), isConfirmed: true }),
    { time: new Date(now() - 400).toISOString() },
  );
  assert.is(early.length, 1);
});

test("damaged frames, other events and protobuf are told apart", async () => {
  const air = await bridgedSite(4);
  await air.hear(bornOn(air.site).join(), { crcStatus: "BAD_CRC" });
  assert.equal(air.site.tally.counts, { frame_crc: 1 });
  await air.publish(`gateway/${EUI}/event/stats`, { gatewayId: EUI, rxPacketsReceived: 1 });
  await air.publish(`gateway/${EUI}/event/ack`, { gatewayId: EUI, downlinkId: 4711, items: [{}] });
  await air.publish(`gateway/${EUI}/state/conn`, { gatewayId: EUI, state: "ONLINE" });
  assert.equal(air.site.tally.counts, { frame_crc: 1 });
  await hearMessage(
    { ear: air.site.ear, tally: air.site.tally, clock: air.site.clock, bridge: air.bridge },
    `gateway/${EUI}/event/up`,
    Uint8Array.of(0x0a, 0x02, 0x40, 0x01),
    { place: "b", publish: async () => undefined },
  );
  assert.equal(air.site.tally.counts, { frame_crc: 1, message_protobuf: 1 });
});

test("what could not be kept is not told as received", async () => {
  const air = await bridgedSite(4);
  const device = bornOn(air.site);
  const [accept] = await air.hear(device.join());
  device.receive(Buffer.from(accept!.command.items[0]!.phyPayload, "base64"));
  air.site.ear.disk = () => Promise.reject(new Fault("unavailable", "disk full"));
  const failed = await air
    .hear(device.uplink({ fPort: 2, payload: Buffer.from("01") }))
    .catch((error: unknown) => error);
  assert.ok(isFault(failed, "unavailable"));
});

test.run();
