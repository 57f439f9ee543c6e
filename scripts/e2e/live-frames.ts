/** `live-frames`: what frames brought over the air, from the simulator's own list, read by the meter's decoder. */
import { findDecoder } from "#shared/devices/list.ts";
import type { RegisterId } from "#shared/model/registers.ts";
import { readAcknowledged } from "#scripts/simulator/acknowledged.ts";

export interface LiveFrame {
  readonly fCnt: number;
  readonly payloadHex: string;
  /** Epoch ms. */
  readonly sentMs: number;
  readonly litres: number;
}

export const WATER_METER = "quandify/cubicmeter-1-1";

/** What a water meter's payload says, litres. */
export function litresIn(payload: Uint8Array): number {
  const [reading] = findDecoder(WATER_METER)?.decode(payload, { fPort: 1, heardAt: 0 }) ?? [];
  const index = reading?.values.find(({ register }) => register === ("8-0:1.0.0" as RegisterId));
  if (!index || index.scale !== -3) throw new Error("the payload holds no litres");
  return index.n;
}

/** Frames of a water meter that were acknowledged as LoRaWAN, oldest first. */
export async function liveFrames(simulatorFolder: string, devEui: string): Promise<LiveFrame[]> {
  const list = await readAcknowledged(simulatorFolder);
  return list
    .filter(({ deviceId, way }) => deviceId === devEui && way === "lorawan")
    .map(({ fCnt, payloadHex, at }) => ({
      fCnt,
      payloadHex,
      sentMs: Date.parse(at),
      litres: litresIn(new Uint8Array(Buffer.from(payloadHex, "hex"))),
    }));
}
