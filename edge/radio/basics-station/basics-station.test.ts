import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { WebSocket } from "ws";
import { parse } from "lorawan-packet-decoder";
import { hashSecret } from "#shared/auth/secret-hash.ts";
import { simulatedDevice, type Transmission } from "#shared/testing/radio/simulated-device.ts";
import { identity, networkSite, type NetworkSite } from "../testing/network-site.ts";
import { toGpsMs } from "../gps-time.ts";
import { basicsStation, type BasicsStation, type BasicsStationOptions } from "./basics-station.ts";
import { stationTokens } from "./station-tokens.ts";
import { routerIn } from "./station-words.ts";

const test = suite("basics station");
const EUI = "b827ebfffe8b01dd";
/** Beyond 53 bits: a JSON number would lose its end. */
const XTIME = "25614222278181731";

interface Air {
  readonly site: NetworkSite;
  readonly server: BasicsStation;
  readonly origin: string;
}

async function onAir(
  work: (air: Air) => Promise<void>,
  options: Partial<BasicsStationOptions> = {},
) {
  const site = await networkSite();
  const server = basicsStation({
    port: 0,
    allow: ["127.0.0.1"],
    tally: site.tally,
    clock: site.clock,
    networkServer: {
      heardFrame: (heard) => site.server.heardFrame(heard),
      answered: () => site.server.answered(),
    },
    log: site.log,
    ...options,
  });
  await server.start();
  try {
    await work({ site, server, origin: `ws://127.0.0.1:${server.port}` });
  } finally {
    await server.stop();
  }
}

/** A connection with what was said to it, one text after the other. */
async function station(url: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(url, { headers });
  const texts: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  socket.on("message", (bytes: Buffer) => {
    const next = waiting.shift();
    if (next) next(bytes.toString());
    else texts.push(bytes.toString());
  });
  await once(socket, "open");
  return {
    socket,
    say: (words: object | string) =>
      socket.send(typeof words === "string" ? words : JSON.stringify(words)),
    next: () => {
      const text = texts.shift();
      return text === undefined
        ? new Promise<string>((resolve) => waiting.push(resolve))
        : Promise.resolve(text);
    },
  };
}

/** A frame in a station's words; xtime stands in it as its digits. */
function words({ phy, frequencyHz, sf }: Transmission): string {
  const frame = parse(phy);
  const view = new DataView(phy.buffer, phy.byteOffset, phy.byteLength);
  const dashes = (eui: string) => (eui.match(/../g) ?? []).join("-");
  const fields =
    frame.type === "joinRequest"
      ? {
          msgtype: "jreq",
          JoinEui: dashes(frame.joinEui),
          DevEui: dashes(frame.devEui),
          DevNonce: frame.devNonce,
        }
      : frame.type === "dataUp"
        ? {
            msgtype: "updf",
            DevAddr: view.getInt32(1, true),
            FCtrl: phy[5],
            FCnt: frame.fCnt16,
            FOpts: Buffer.from(frame.fOpts).toString("hex"),
            FPort: frame.fPort ?? -1,
            FRMPayload: Buffer.from(frame.frmPayload).toString("hex"),
          }
        : {};
  return JSON.stringify({
    ...fields,
    MHdr: phy[0],
    MIC: view.getInt32(phy.length - 4, true),
    DR: 12 - sf,
    Freq: frequencyHz,
    upinfo: { rctx: 3, xtime: "@", gpstime: 0, rssi: -70, snr: 8.5 },
  }).replace('"@"', XTIME);
}

test("a station finds its way, is told its channels and the time", () =>
  onAir(async ({ site, server, origin }) => {
    const first = await station(`${origin}/router-info`);
    first.say({ router: "b827:ebff:fe8b:1dd" });
    const info = JSON.parse(await first.next()) as { router: string; uri: string };
    assert.is(info.router, "b827:ebff:fe8b:01dd");
    const { say, next, socket } = await station(info.uri);
    say({ msgtype: "version", station: "2.0.6", protocol: 2, features: "rmtsh gps" });
    const config = JSON.parse(await next()) as Record<string, unknown>;
    assert.equal([config["msgtype"], config["region"]], ["router_config", "EU863"]);
    assert.is((config["DRs"] as unknown[]).length, 16);
    const [chip] = config["sx1301_conf"] as Record<string, { if?: number; radio?: number }>[];
    assert.equal(chip?.["chan_multiSF_0"], { enable: true, radio: 1, if: -400_000 });
    assert.equal(chip?.["chan_multiSF_7"], { enable: true, radio: 0, if: 400_000 });
    say(`{"msgtype":"timesync","txtime":${XTIME}}`);
    assert.is(
      await next(),
      `{"msgtype":"timesync","gpstime":${toGpsMs(site.clock.now()) * 1000},"txtime":${XTIME}}`,
    );
    assert.equal(
      server.antennas().map(({ eui, address }) => [eui, address]),
      [[EUI, "127.0.0.1"]],
    );
    socket.terminate();
  }));

test("a device joins and is acknowledged through a station, every digit of xtime said back", () =>
  onAir(async ({ site, origin }) => {
    const { say, next, socket } = await station(`${origin}/router-${EUI}`);
    const born = identity(1);
    site.keys.set(born.devEui, { ...born, macVersion: "1.0" });
    const device = simulatedDevice(born);
    say(words(device.join()));
    const text = await next();
    assert.match(text, `"xtime":${XTIME},"rctx":3}`);
    const accept = JSON.parse(text) as Record<string, unknown>;
    assert.equal(
      ["msgtype", "dC", "RxDelay", "RX1DR", "RX1Freq", "RX2DR", "RX2Freq"].map(
        (key) => accept[key],
      ),
      ["dnmsg", 0, 5, 5, 868_100_000, 0, 869_525_000],
    );
    device.receive(Buffer.from(accept["pdu"] as string, "hex"));
    assert.ok(device.isJoined());
    const payload = Buffer.from("a payload");
    say(words(device.uplink({ fPort: 2, payload, isConfirmed: true })));
    device.receive(Buffer.from((JSON.parse(await next()) as { pdu: string }).pdu, "hex"));
    assert.ok(device.isAcknowledged());
    const [uplink] = site.ear.kept;
    assert.equal([...(uplink?.payload ?? [])], [...payload]);
    assert.equal(uplink?.radio, {
      antenna: EUI,
      rssi: -70,
      snr: 8.5,
      sf: 7,
      frequencyHz: 868_300_000,
    });
    say({ msgtype: "dntxed", diid: 1, DevEui: "00-00-00-00-00-00-00-00", rctx: 3, xtime: 1 });
    assert.equal(site.tally.counts, {});
    socket.terminate();
  }));

test("what is no message of a station is counted, and the connection stays", () =>
  onAir(async ({ site, origin }) => {
    const { say, next, socket } = await station(`${origin}/router-${EUI}`);
    for (const wrong of [
      "no json",
      "[".repeat(10_000),
      '{"msgtype":"updf"}',
      '{"msgtype":"jreq","MHdr":"x"}',
    ])
      say(wrong);
    say({ msgtype: "version" });
    await next();
    assert.equal(site.tally.counts, { datagram_malformed: 4 });
    const closed = once(socket, "close");
    say("x".repeat(100_000));
    await closed;
    const again = await station(`${origin}/router-${EUI}`);
    again.say({ msgtype: "version" });
    await again.next();
    again.socket.terminate();
  }));

const refused = async (url: string, headers: Record<string, string> = {}) => {
  const socket = new WebSocket(url, { headers });
  const [error] = (await once(socket, "error")) as [Error];
  return /\d{3}/.exec(error.message)?.[0];
};

test("who is not on the list, has no right token or asks for something else stays outside", async () => {
  await onAir(
    async ({ site, server, origin }) => {
      assert.is(await refused(`${origin}/router-${EUI}`), "403");
      assert.equal(
        server.knocking().map(({ address, eui }) => [address, eui]),
        [["127.0.0.1", EUI]],
      );
      assert.equal(site.tally.counts, { antenna_not_allowed: 1 });
      server.setAllowed(["127.0.0.0/8"]);
      assert.is(await refused(`${origin}/other`), "404");
      assert.is(await refused(`${origin}/router-nobody`), "404");
      (await station(`${origin}/router-${EUI}`)).socket.terminate();
    },
    { allow: ["10.0.0.1"] },
  );
  const folder = await mkdtemp(join(tmpdir(), "riser-station-"));
  const file = join(folder, "tokens");
  await writeFile(file, `${EUI}:${await hashSecret("its-token")}\n`);
  await onAir(
    async ({ origin }) => {
      const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
      assert.is(await refused(`${origin}/router-${EUI}`), "401");
      assert.is(await refused(`${origin}/router-${EUI}`, bearer("another")), "401");
      assert.is(await refused(`${origin}/router-b827ebfffe8b01de`, bearer("its-token")), "401");
      const known = await station(`${origin}/router-B8-27-EB-FF-FE-8B-01-DD`, bearer("its-token"));
      known.socket.terminate();
    },
    { tokens: await stationTokens(file) },
  );
  await rm(folder, { recursive: true });
});

test("a station may say its own name in any spelling", () => {
  for (const router of [
    EUI,
    "B8-27-EB-FF-FE-8B-01-DD",
    "b827:ebff:fe8b:1dd",
    "13269834311790166493",
  ])
    assert.is(routerIn({ router }), EUI, router);
  assert.is(routerIn({ router: 255 }), "00000000000000ff");
  assert.throws(() => routerIn({ router: "no" }));
  assert.throws(() => routerIn(null));
});

test.run();
