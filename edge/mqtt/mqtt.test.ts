import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mqtt from "mqtt";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { hashSecret } from "#shared/auth/secret-hash.ts";
import { decodeUplink } from "#shared/devices/decode-uplink.ts";
import { rawOf, reportedValues } from "#shared/devices/reported-values/decoder.ts";
import { systemClock } from "#shared/model/clock.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { Refusal } from "#shared/model/refusals.ts";
import type { Uplink } from "#shared/model/uplink.ts";
import { embeddedBroker, type Broker } from "./broker.ts";
import { brokerList } from "./broker-list.ts";
import { brokerUsers } from "./broker-users.ts";
import { hearMessage, type Origin } from "./hear-message.ts";
import { subscription, type Subscription } from "./subscription.ts";

const test = suite("mqtt");
const TOPIC = "application/1/device/0101010101010101/event/up";
const PASSWORD = "a password of its own";
const log = { info: () => undefined, warn: () => undefined };

/** An ear that settles when told to. */
function testEar() {
  const heard: Uplink[] = [];
  const refused = new Map<Refusal, number>();
  const listeners = new Set<() => void>();
  let hold: Promise<void> = Promise.resolve();
  const changed = () => listeners.forEach((listener) => listener());
  const ear = {
    hear: async (uplink: Uplink) => {
      heard.push(uplink);
      changed();
      await hold;
      return "kept" as const;
    },
    glimpse: () => undefined,
  };
  const tally = {
    refused: (reason: Refusal, count = 1) => {
      refused.set(reason, (refused.get(reason) ?? 0) + count);
      changed();
    },
  };
  return {
    heard,
    refused,
    holdUntil: (promise: Promise<void>) => {
      hold = promise;
    },
    /** Resolves as soon as `is` holds. */
    until: (is: () => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => is() && listeners.delete(look) && resolve();
        listeners.add(look);
        look();
      }),
    tally,
    hear: (topic: string, bytes: Uint8Array) =>
      hearMessage({ ear, tally, clock: systemClock }, topic, bytes),
    /** The same, where the bytes of its devices are read, or are not. */
    hearKnowing: (areBytesRead: boolean, topic: string, bytes: Uint8Array) =>
      hearMessage(
        { ear, tally, clock: systemClock, areBytesRead: () => areBytesRead },
        topic,
        bytes,
      ),
  };
}

const event = (fCnt: number) =>
  JSON.stringify({
    deduplicationId: "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
    time: "2026-11-23T09:34:15.775023242+00:00",
    deviceInfo: { devEui: "0101010101010101", tenantName: "t", applicationName: "a" },
    devAddr: "00189440",
    fCnt,
    fPort: 1,
    data: "qg==",
    rxInfo: [{ gatewayId: "0016c001f153a14c", rssi: -36, snr: 10.5 }],
    txInfo: {
      frequency: 867_100_000,
      modulation: { lora: { bandwidth: 125_000, spreadingFactor: 11, codeRate: "CR_4_5" } },
    },
  });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function startMosquitto(folder: string, port: number): Promise<ChildProcess> {
  const file = join(folder, "mosquitto.conf");
  await writeFile(
    file,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nlog_dest stderr\nmessage_size_limit 3000000\n`,
  );
  return runMosquitto(file);
}

async function runMosquitto(file: string): Promise<ChildProcess> {
  const child = spawn("mosquitto", ["-c", file], { stdio: ["ignore", "ignore", "pipe"] });
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    let said = "";
    child.stderr?.on("data", (bytes: Buffer) => {
      said += bytes.toString();
      if (/running/.test(said)) resolve();
    });
    child.once("exit", () => reject(new Error(`mosquitto ended: ${said}`)));
  });
  return child;
}

let folder: string;
let mosquitto: ChildProcess;
let url: string;
test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "riser-mqtt-"));
  const port = await freePort();
  mosquitto = await startMosquitto(folder, port);
  url = `mqtt://127.0.0.1:${port}`;
});
test.after(async () => {
  mosquitto.kill();
  await once(mosquitto, "exit");
  await rm(folder, { recursive: true });
});

async function withSubscription(
  ear: ReturnType<typeof testEar>,
  clientId: string,
  work: (one: Subscription) => Promise<void>,
) {
  const one = subscription({
    broker: { url, topics: ["application/+/device/+/event/+"], clientId },
    heard: ear.hear,
    tally: ear.tally,
    log,
  });
  try {
    await one.ready;
    await work(one);
  } finally {
    await one.stop();
  }
}

test("a hundred messages are heard before the first is durable, and none is acknowledged until then", async () => {
  const ear = testEar();
  let release = () => {};
  ear.holdUntil(new Promise<void>((resolve) => (release = resolve)));
  const publisher = await mqtt.connectAsync(url);
  const again = testEar();
  try {
    await withSubscription(ear, "held", async () => {
      for (let i = 0; i < 15; i++) await publisher.publishAsync(TOPIC, event(i), { qos: 1 });
      await ear.until(() => ear.heard.length === 15);
    });
    // Stopped without one acknowledgement: all of them come again, to whoever takes the session up.
    await withSubscription(again, "held", () => again.until(() => again.heard.length === 15));
  } finally {
    release();
    await publisher.endAsync();
  }
  assert.equal(
    again.heard.map(({ fCnt }) => fCnt),
    Array.from({ length: 15 }, (_, i) => i),
  );
});

test("what is published while nobody listens waits at the broker and is heard once", async () => {
  const [first, second, third] = [testEar(), testEar(), testEar()];
  const publisher = await mqtt.connectAsync(url);
  await withSubscription(first, "away", async () => undefined);
  await publisher.publishAsync(TOPIC, event(7), { qos: 1 });
  await withSubscription(second, "away", () => second.until(() => second.heard.length === 1));
  await publisher.publishAsync(TOPIC, event(8), { qos: 1 });
  await withSubscription(third, "away", () => third.until(() => third.heard.length === 1));
  await publisher.endAsync();
  assert.equal(
    [second, third].map(({ heard }) => heard.map(({ fCnt }) => fCnt)),
    [[7], [8]],
  );
});

test("a smart plug that tells values is heard like everything else", async () => {
  const ear = testEar();
  await ear.hear(
    "tele/plug/SENSOR",
    Buffer.from(
      JSON.stringify({
        Time: "2026-11-23T10:00:00",
        ENERGY: { TotalStartTime: "2026-01-01T00:00:00", Total: 12.345, Power: 230 },
      }),
    ),
  );
  const [uplink] = ear.heard;
  assert.ok(uplink, JSON.stringify([...ear.refused]));
  const [reading] = reportedValues.decode(uplink.payload, { fPort: null, heardAt: 0 });
  const energy = reading?.values.find(({ register }) => register === "1-0:1.8.0");
  assert.equal([energy?.n, energy?.scale, energy?.unit], [12345, -3, "kWh"]);
});

test("bad messages are counted and cost their neighbours nothing", async () => {
  const ear = testEar();
  const publisher = await mqtt.connectAsync(url);
  await publisher.publishAsync("application/1/device/0202020202020202/event/up", event(1), {
    qos: 1,
    retain: true,
  });
  await withSubscription(ear, "bad", async () => {
    const bad = [
      "no json",
      "{",
      "[".repeat(100_000),
      JSON.stringify({ hello: "world" }),
      event(1).replace("qg==", "!!!"),
      event(2).replace("0101010101010101", "01"),
      event(2).replace("qg==", Buffer.alloc(20_000).toString("base64")),
      "x".repeat(1_200_000),
      "",
      "\u0000",
    ];
    for (const text of bad) await publisher.publishAsync(TOPIC, text, { qos: 1 });
    await publisher.publishAsync(`application/1/device/${"x".repeat(60_000)}/event/up`, event(3), {
      qos: 1,
    });
    await publisher.publishAsync(TOPIC, event(9), { qos: 1 });
    await ear.until(() => ear.heard.some(({ fCnt }) => fCnt === 9));
  });
  await publisher.publishAsync("application/1/device/0202020202020202/event/up", "", {
    retain: true,
  });
  await publisher.endAsync();
  assert.equal(
    ear.heard.map(({ fCnt }) => fCnt),
    [3, 9],
  );
  assert.is(ear.refused.get("message_retained"), 1);
  assert.is(ear.refused.get("message_too_large"), 2);
  const sum = [...ear.refused.values()].reduce((a, b) => a + b, 0);
  assert.is(sum, 11, JSON.stringify([...ear.refused]));
});

test("while nothing can be kept the broker is asked again after a pause, and then nothing is missing", async () => {
  const ear = testEar();
  let failures = 0;
  let isFull = true;
  const one = subscription({
    broker: { url, topics: ["application/+/device/+/event/+"], clientId: "full" },
    heard: async (topic, bytes) => {
      if (!isFull) return ear.hear(topic, bytes);
      failures++;
      throw new Fault("unavailable", "disk full");
    },
    tally: ear.tally,
    log,
  });
  await one.ready;
  const publisher = await mqtt.connectAsync(url);
  for (let i = 0; i < 10; i++) await publisher.publishAsync(TOPIC, event(i), { qos: 1 });
  await systemClock.sleep(1_000);
  assert.ok(failures > 0 && failures <= 10, `tried ${failures} times in a second`);
  isFull = false;
  await ear.until(() => new Set(ear.heard.map(({ fCnt }) => fCnt)).size === 10);
  await one.stop();
  await publisher.endAsync();
});

test("a subscription stops also when its broker hangs or is not there", async () => {
  const CONNACK = Buffer.from([0x20, 2, 0, 0]);
  const hanging = createServer({ allowHalfOpen: true }, (socket) => {
    socket.once("data", () => socket.write(CONNACK));
    socket.on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  await once(hanging, "listening");
  const { port } = hanging.address() as AddressInfo;
  const connected = once(hanging, "connection");
  for (const place of [`mqtt://127.0.0.1:${port}`, `mqtt://127.0.0.1:${await freePort()}`]) {
    const one = subscription({
      broker: { url: place, topics: ["#"], clientId: "hung" },
      heard: async () => undefined,
      tally: testEar().tally,
      log,
    });
    if (place.endsWith(String(port))) await connected;
    const startedMs = Date.now();
    await one.stop();
    assert.ok(Date.now() - startedMs < 8_000);
  }
  hanging.close();
});

async function withBroker(
  heard: (topic: string, bytes: Uint8Array, origin: Origin) => Promise<void>,
  work: (broker: Broker, url: string) => Promise<void>,
) {
  const file = join(folder, "users");
  const hash = await hashSecret(PASSWORD);
  await writeFile(
    file,
    `# who may publish\nforwarder:${hash}\n` +
      `roof:${hash} publish=gateway/0016c001f153a14c/event/#,%u/# subscribe=gateway/+/command/down\n`,
  );
  const tally = { refused: () => undefined };
  const broker = await embeddedBroker({
    host: "127.0.0.1",
    port: 0,
    users: await brokerUsers(file),
    heard,
    tally,
    log,
  });
  try {
    await work(broker, `mqtt://127.0.0.1:${broker.port}`);
  } finally {
    await broker.stop();
  }
}
const credentials = { username: "forwarder", password: PASSWORD, reconnectPeriod: 0 };

test("the embedded broker acknowledges only what is durable", async () => {
  const ear = testEar();
  let release = () => {};
  ear.holdUntil(new Promise<void>((resolve) => (release = resolve)));
  await withBroker(ear.hear, async (_, place) => {
    const publisher = await mqtt.connectAsync(place, credentials);
    let acknowledged = 0;
    const all = Array.from({ length: 50 }, async (_unused, i) => {
      await publisher.publishAsync(TOPIC, event(i), { qos: 1 });
      acknowledged++;
    });
    await ear.until(() => ear.heard.length === 50);
    assert.is(acknowledged, 0);
    release();
    await Promise.all(all);
    await publisher.endAsync();
  });
});

test("what could not be kept is not acknowledged: the publisher is cut off and sends it again", async () => {
  await withBroker(
    async () => {
      throw new Fault("unavailable", "disk full");
    },
    async (_, place) => {
      const publisher = mqtt.connect(place, credentials);
      let isAcknowledged = false;
      publisher.publish(TOPIC, event(1), { qos: 1 }, (error) => (isAcknowledged = !error));
      await new Promise<void>((resolve) => publisher.once("close", resolve));
      assert.not(isAcknowledged);
      await publisher.endAsync(true);
    },
  );
});

test("who announces a huge packet is cut off, before a password was asked for", async () => {
  await withBroker(
    async () => undefined,
    async ({ port }) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f, 0, 4]));
      await once(socket, "close");
      const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, credentials);
      await client.publishAsync(TOPIC, "x".repeat(1_000_000), { qos: 1 });
      await client.endAsync();
    },
  );
});

test("without the right password nobody publishes, and nobody may listen", async () => {
  await withBroker(
    async () => undefined,
    async (_, place) => {
      for (const wrong of [
        {},
        { ...credentials, password: "wrong" },
        { ...credentials, username: "stranger" },
      ]) {
        const outcome = await mqtt
          .connectAsync(place, { reconnectPeriod: 0, ...wrong })
          .catch((error: unknown) => error);
        assert.ok(outcome instanceof Error);
      }
      const client = await mqtt.connectAsync(place, credentials);
      const refused = await client.subscribeAsync("#").then(
        (granted) => granted.every(({ qos }) => qos === 128),
        () => true,
      );
      assert.ok(refused);
      await client.endAsync();
    },
  );
});

test("an antenna has its own topics at the embedded broker, and hears its commands", async () => {
  const heard: string[] = [];
  await withBroker(
    async (topic, bytes, { publish }) => {
      heard.push(topic);
      if (topic.endsWith("/event/up"))
        await publish(topic.replace("event/up", "command/down"), bytes);
    },
    async (_, place) => {
      const roof = { ...credentials, username: "roof" };
      const client = await mqtt.connectAsync(place, roof);
      const commands: [string, string][] = [];
      const command = new Promise<void>((resolve) =>
        client.on("message", (topic, bytes) => {
          commands.push([topic, bytes.toString()]);
          resolve();
        }),
      );
      await client.subscribeAsync("gateway/0016c001f153a14c/command/down", { qos: 1 });
      for (const filter of ["#", "gateway/#", "gateway/+/command/#", "application/+"]) {
        const granted = await client.subscribeAsync(filter).catch(() => []);
        assert.ok(
          granted.every(({ qos }) => qos === 128),
          filter,
        );
      }
      await client.publishAsync("gateway/0016c001f153a14c/event/up", "a frame", { qos: 1 });
      await command;
      assert.equal(commands, [["gateway/0016c001f153a14c/command/down", "a frame"]]);
      await client.publishAsync("roof/state", "up", { qos: 1 });
      await client.endAsync();
      const other = await mqtt.connectAsync(place, roof);
      const cut = new Promise<void>((resolve) => other.once("close", () => resolve()));
      other.publish("gateway/0016c001f153a14d/event/up", "of another antenna", { qos: 1 });
      await cut;
      other.end(true);
      assert.equal(heard, ["gateway/0016c001f153a14c/event/up", "roof/state"]);
    },
  );
});

test("a downlink goes back through the broker its uplink came from", async () => {
  const antenna = await mqtt.connectAsync(url);
  await antenna.subscribeAsync("gateway/a/command/down", { qos: 1 });
  const told = new Promise<string>((resolve) =>
    antenna.on("message", (_topic, bytes) => resolve(bytes.toString())),
  );
  const one = subscription({
    broker: { url, topics: ["gateway/+/event/up"], clientId: "both-ways" },
    heard: async (_topic, bytes, { publish }) => publish("gateway/a/command/down", bytes),
    tally: testEar().tally,
    log,
  });
  await one.ready;
  await antenna.publishAsync("gateway/a/event/up", "there and back", { qos: 1 });
  assert.is(await told, "there and back");
  await one.stop();
  await antenna.endAsync();
});

test("a broker that went away and forgot everything is listened to again", async () => {
  const port = await freePort();
  const ear = testEar();
  let own = await startMosquitto(folder, port);
  const broker = { url: `mqtt://127.0.0.1:${port}`, topics: ["a/#"], clientId: "back" };
  const one = subscription({
    broker,
    heard: async (topic) => ear.hear(TOPIC, Buffer.from(event(Number(topic.slice(2))))),
    tally: ear.tally,
    log,
  });
  await one.ready;
  own.kill();
  await once(own, "exit");
  own = await startMosquitto(folder, port);
  const publisher = await mqtt.connectAsync(broker.url);
  // Nobody but the subscription itself knows when it is back: so one number after the other is said.
  for (let i = 1; ear.heard.length === 0 && i < 100; i++) {
    await publisher.publishAsync(`a/${i}`, "x", { qos: 1 });
    await systemClock.sleep(100);
  }
  assert.ok(ear.heard.length > 0);
  await one.stop();
  await publisher.endAsync();
  own.kill();
  await once(own, "exit");
});

/** An authority with a certificate for 127.0.0.1 and one for a client. */
function certificates(at: string) {
  const openssl = (...args: readonly string[]) => {
    const { status, stderr } = spawnSync("openssl", args, { cwd: at, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  };
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  for (const name of ["ca", "stranger"])
    openssl(
      "req",
      "-x509",
      ...ec,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.pem`,
      "-subj",
      `/CN=${name}`,
    );
  for (const name of ["server", "client"])
    openssl(
      "req",
      "-x509",
      ...ec,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.pem`,
      "-subj",
      `/CN=${name}`,
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-addext",
      "subjectAltName=IP:127.0.0.1",
      "-addext",
      "basicConstraints=critical,CA:FALSE",
    );
}

test("each broker has its own settings: one wants a certificate, and is known by its authority", async () => {
  const at = await mkdtemp(join(tmpdir(), "riser-mqtt-tls-"));
  certificates(at);
  const port = await freePort();
  const conf = join(at, "mosquitto.conf");
  await writeFile(
    conf,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nlog_dest stderr\ncafile ${at}/ca.pem\n` +
      `certfile ${at}/server.pem\nkeyfile ${at}/server.key\nrequire_certificate true\nuser root\n`,
  );
  const own = await runMosquitto(conf);
  const list = join(at, "brokers.json");
  const sealed = {
    url: `mqtts://127.0.0.1:${port}`,
    certFile: "client.pem",
    keyFile: "client.key",
  };
  await writeFile(join(at, "password"), "of the plain one\n");
  await writeFile(
    list,
    JSON.stringify([
      { ...sealed, name: "sealed", caFile: "ca.pem", topics: ["sealed/#"] },
      { ...sealed, name: "wrong-authority", caFile: "stranger.pem" },
      { name: "no-certificate", url: sealed.url, caFile: "ca.pem" },
      { name: "plain", url, topics: ["plain/#"], username: "somebody", passwordFile: "password" },
    ]),
  );
  const places = await brokerList({ urls: [], file: list, topics: ["#"], gatewayId: "g1" });
  assert.equal(
    places.map(({ clientId, topics }) => [clientId, ...topics]),
    [
      ["riser-g1-sealed", "sealed/#"],
      ["riser-g1-wrong-authority", "#"],
      ["riser-g1-no-certificate", "#"],
      ["riser-g1-plain", "plain/#"],
    ],
  );
  const heard: string[] = [];
  const warned: string[] = [];
  let changed = () => {};
  const all = places.map((broker) =>
    subscription({
      broker,
      heard: async (topic) => {
        heard.push(topic);
        changed();
      },
      tally: testEar().tally,
      log: {
        info: () => undefined,
        warn: (about: object) => {
          warned.push(String((about as { reason?: string }).reason));
          changed();
        },
      },
    }),
  );
  try {
    await Promise.all([all[0]!.ready, all[3]!.ready]);
    const [sealedPublisher, plainPublisher] = await Promise.all([
      mqtt.connectAsync(sealed.url, {
        ca: places[0]!.ca!,
        cert: places[0]!.cert!,
        key: places[0]!.key!,
      }),
      mqtt.connectAsync(url),
    ]);
    const both = new Promise<void>((resolve) => {
      changed = () => heard.length === 2 && warned.length >= 2 && resolve();
    });
    await sealedPublisher.publishAsync("sealed/1", "x", { qos: 1 });
    await plainPublisher.publishAsync("plain/1", "x", { qos: 1 });
    changed();
    await both;
    await Promise.all([sealedPublisher.endAsync(), plainPublisher.endAsync()]);
    assert.equal(heard.toSorted(), ["plain/1", "sealed/1"]);
    assert.equal(
      all.map((one) => one.isConnected()),
      [true, false, false, true],
    );
    assert.ok(
      warned.some((reason) => /certificate|self-signed|unable to verify/i.test(reason)),
      warned.join(),
    );
  } finally {
    await Promise.all(all.map((one) => one.stop()));
    own.kill();
    await once(own, "exit");
    await rm(at, { recursive: true });
  }
});

test("a list of brokers that cannot be is refused with the entry and the reason", async () => {
  const at = await mkdtemp(join(tmpdir(), "riser-mqtt-list-"));
  const file = join(at, "brokers.json");
  const plain = { name: "a", url: "mqtt://127.0.0.1" };
  for (const [text, why] of [
    ["{", /no JSON/],
    ["{}", /the list/],
    [JSON.stringify([{ ...plain, url: "http://x" }]), /0\.url: must be mqtt/],
    [JSON.stringify([{ ...plain, url: "mqtt://me:secret@x" }]), /passwordFile/],
    [JSON.stringify([{ ...plain, caFile: "x" }]), /mqtts/],
    [JSON.stringify([{ ...plain, url: "mqtts://x", certFile: "x" }]), /together/],
    [
      JSON.stringify([{ ...plain, url: "mqtts://x", caFile: "none.pem" }]),
      /a: cannot read none.pem/,
    ],
    [JSON.stringify([{ ...plain, topics: ["a/#/b"] }]), /0\.topics\.0/],
    [JSON.stringify([{ ...plain, pasword: "x" }]), /pasword/],
    [JSON.stringify([plain, plain]), /two brokers/],
  ] as const) {
    await writeFile(file, text);
    const outcome = await brokerList({ urls: [], file, topics: ["#"], gatewayId: "g" }).catch(
      (error: unknown) => error,
    );
    assert.ok(isFault(outcome, "invalid"), text);
    assert.match((outcome as Error).message, why);
  }
  await rm(at, { recursive: true });
});

test("of a device whose bytes nobody reads here it counts what its server's decoder told beside them", async () => {
  const { heard, hearKnowing } = testEar();
  const message = (fCnt: number) =>
    Buffer.from(
      JSON.stringify({
        ...JSON.parse(event(fCnt)),
        object: { cumulativeFlow: 12_345, battery: 3.6 },
      }),
    );
  await hearKnowing(true, TOPIC, message(1));
  await hearKnowing(false, TOPIC, message(2));
  const [bytes, told] = heard.map(({ payload }) => payload);
  assert.equal(bytes, Uint8Array.of(0xaa));
  assert.equal(rawOf(told as Uint8Array), Uint8Array.of(0xaa), "its own bytes are kept beside");
  const { readings } = await decodeUplink(
    reportedValues.model,
    heard[1] as Uplink,
    () => undefined,
  );
  assert.equal(
    readings[0]?.values.map(({ register, n, scale, unit }) => [register, n, scale, unit]),
    [
      ["8-0:1.0.0", 12_345, -3, "m3"],
      ["battery_voltage", 36, -1, "V"],
    ],
  );
});

test.run();
