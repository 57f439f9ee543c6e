/**
 * `chirpstack-event`: an uplink as ChirpStack 4 publishes it, topic and JSON.
 *
 * Leaves out zeros as Protobuf's JSON does. @see ChirpStack documentation, "Event types"
 */
import { chance, seedOf } from "#shared/testing/meters/chance.ts";
import type { PlannedDevice } from "./plan.ts";

const APPLICATION = "a3b6f8f0-52f1-4f0d-9c63-6a0c3e7d5b10";
const FREQUENCIES_HZ = [868_100_000, 868_300_000, 868_500_000];

export interface SentUplink {
  readonly fCnt: number;
  readonly fPort: number;
  readonly payload: Uint8Array;
  /** Epoch ms. */
  readonly timeMs: number;
}

/** Signal of a device at an antenna: its place in the building, and a little weather. */
export function signalOf(
  { devEui, sf }: PlannedDevice,
  antenna: number,
  timeMs: number,
): { rssi: number; snr: number } {
  const seed = seedOf(devEui);
  const place = chance(seed, 21, antenna);
  const weather = chance(seed, 22, Math.floor(timeMs / 60_000)) - 0.5;
  return {
    rssi: Math.round(-72 - (sf - 7) * 7 - place * 32 + weather * 6),
    snr: Math.round((9.5 - (sf - 7) * 3 - place * 5 + weather * 3) * 4) / 4,
  };
}

export function topicOf({ devEui }: PlannedDevice): string {
  return `application/${APPLICATION}/device/${devEui}/event/up`;
}

/** @param antennas the EUIs of all antennas, in the plan's order */
export function chirpstackEvent(
  device: PlannedDevice,
  { fCnt, fPort, payload, timeMs }: SentUplink,
  antennas: readonly string[],
): string {
  const { devEui, devAddr, sf } = device;
  const time = new Date(timeMs).toISOString().replace("Z", "000+00:00");
  return JSON.stringify({
    deduplicationId: deduplicationId(devEui, fCnt),
    time,
    deviceInfo: {
      tenantId: "52f14cd4-c6f1-4fbd-8f87-4025e1d49242",
      tenantName: "Simulation",
      applicationId: APPLICATION,
      applicationName: "Building",
      deviceProfileId: "605d08d4-65f5-4d2c-8a5a-3d2457662f79",
      deviceProfileName: device.model,
      deviceName: devEui,
      devEui,
    },
    devAddr,
    adr: true,
    dr: 12 - sf,
    ...(fCnt === 0 ? {} : { fCnt }),
    fPort,
    ...(device.isConfirmed ? { confirmed: true } : {}),
    data: Buffer.from(payload).toString("base64"),
    rxInfo: device.antennas.map((antenna) => ({
      gatewayId: antennas[antenna],
      uplinkId: (seedOf(devEui) ^ fCnt) >>> 0,
      nsTime: time,
      ...signalOf(device, antenna, timeMs),
      crcStatus: "CRC_OK",
    })),
    txInfo: {
      frequency: FREQUENCIES_HZ[fCnt % FREQUENCIES_HZ.length],
      modulation: { lora: { bandwidth: 125_000, spreadingFactor: sf, codeRate: "CR_4_5" } },
    },
  });
}

/** Another one for each uplink, the same when it is sent again. */
function deduplicationId(devEui: string, fCnt: number): string {
  const part = (n: number) =>
    Math.floor(chance(seedOf(devEui), 31, fCnt, n) * 0x1_0000_0000)
      .toString(16)
      .padStart(8, "0");
  const hex = [0, 1, 2, 3].map(part).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
