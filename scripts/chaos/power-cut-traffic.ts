/**
 * `power-cut-traffic`: a network server that publishes 400 uplinks a second to a gateway's broker, and
 * its own list of what was acknowledged, which lives in this process and never on the disk that is cut.
 *
 * After a cut it says again what got no answer, and the last of what got one, as a sender does that
 * cannot know: none of it may be kept twice.
 */
import { publisher } from "#scripts/simulator/publisher.ts";
import { encodeWaterMeter } from "#shared/testing/meters/water-meter.ts";

/** Uplinks a second. */
const RATE = 400;
const TICK_MS = 5;
/** How many acknowledged ones are said again. */
const REPEATS = 100;
const FIRST_METER = 0x70b3_d57e_d000_0100n;
export const METERS: readonly string[] = Array.from({ length: 40 }, (_, i) =>
  (FIRST_METER + BigInt(i)).toString(16),
);

interface Message {
  readonly topic: string;
  readonly body: string;
}

/** One connection's life. */
export interface Sending {
  /** New uplinks go on until then; resolves when what was said again is answered or the sending is stopped. */
  readonly saidAgain: Promise<unknown>;
  stop(): Promise<void>;
}

export interface Traffic {
  /** By `uplinkKey`: everything that was ever said. */
  readonly sent: ReadonlyMap<string, unknown>;
  /** By `uplinkKey`: what got its PUBACK while the power was on, or was said when it was gone and got one all the same. */
  readonly acknowledged: ReadonlySet<string>;
  /** How many PUBACKs came while the power went, or after it for what was said before: nobody knows what they are worth. */
  readonly inDoubt: number;
  /** The power goes now; is gone. It is on again with the next `begin`. */
  powerGoes(): void;
  powerIsGone(): void;
  /** @param isNew false: nothing but what is said again */
  begin(url: string, isNew: boolean): Sending;
}

/** What makes two uplinks one, whatever session a gateway thinks they belong to. */
export function uplinkKey(deviceId: string, fCnt: number | null, payload: Uint8Array): string {
  return `${deviceId} ${fCnt} ${Buffer.from(payload).toString("hex")}`;
}

export function traffic(clientId: string): Traffic {
  const sent = new Map<string, Message>();
  const acknowledged = new Set<string>();
  let power: "on" | "going" | "gone" = "on";
  let inDoubt = 0;
  return {
    sent,
    acknowledged,
    get inDoubt() {
      return inDoubt;
    },
    powerGoes: () => void (power = "going"),
    powerIsGone: () => void (power = "gone"),
    begin(url, isNew) {
      power = "on";
      const { publish, stop } = publisher(url, { clientId, onTrouble: () => undefined });
      const send = async (key: string, { topic, body }: Message) => {
        const isSaidTooLate = power === "gone";
        if (!(await publish(topic, body))) return;
        if (power === "on" || isSaidTooLate) acknowledged.add(key);
        else inDoubt += 1;
      };
      const again = [
        ...[...sent].filter(([key]) => !acknowledged.has(key)),
        ...[...sent].filter(([key]) => acknowledged.has(key)).slice(-REPEATS),
      ];
      const saidAgain = Promise.all(again.map(([key, message]) => send(key, message)));
      const startedMs = performance.now();
      let count = 0;
      const sendDue = () => {
        for (const due = ((performance.now() - startedMs) / 1000) * RATE; count < due; count++) {
          const { key, ...message } = uplink(sent.size);
          sent.set(key, message);
          void send(key, message);
        }
      };
      const timer = isNew ? setInterval(sendDue, TICK_MS) : undefined;
      return {
        saidAgain,
        async stop() {
          clearInterval(timer);
          await stop();
        },
      };
    },
  };
}

/** The `n`-th uplink as ChirpStack 4 publishes it, the meters taking turns. */
export function uplink(n: number): Message & { readonly key: string } {
  const devEui = METERS[n % METERS.length] as string;
  const fCnt = Math.floor(n / METERS.length);
  const { fPort, payload } = encodeWaterMeter({
    runningSeconds: n,
    litres: n,
    leak: 2,
    errorFlags: 0,
    isSensing: true,
    batteryMillivolts: 3600,
    waterTenths: { min: 150, max: 160 },
    ambientTenths: 200,
  });
  const body = JSON.stringify({
    time: new Date().toISOString(),
    deviceInfo: { devEui },
    devAddr: "00189440",
    fCnt,
    fPort,
    data: Buffer.from(payload).toString("base64"),
    rxInfo: [{ gatewayId: "0016c001f153a14c", rssi: -97, snr: 6.5 }],
    txInfo: { frequency: 867_100_000, modulation: { lora: { spreadingFactor: 9 } } },
  });
  const topic = `application/1/device/${devEui}/event/up`;
  return { key: uplinkKey(devEui, fCnt, payload), topic, body };
}
