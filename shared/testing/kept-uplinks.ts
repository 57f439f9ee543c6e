/** `kept-uplinks`: kept uplinks for tests: one water meter's, with what a test wants to say of it. */
import type { DeviceId } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import { identityOf } from "#shared/series/identity.ts";

export const METER = "70b3d57ed0000001" as DeviceId;

/** A decoded uplink with one index in litres; everything else as given. */
export function keptUplink(
  time: number,
  litres: number,
  wanted: Partial<KeptUplink> = {},
): KeptUplink {
  const payload = wanted.payload ?? new Uint8Array(new Uint32Array([litres, time / 1000]).buffer);
  const uplink = {
    deviceId: METER,
    session: "26011bda-000001",
    fCnt: Math.floor(time / 60_000) % 65_536,
    fPort: 2,
    time,
    timeSource: "gateway" as const,
    heardAt: time,
    radio: { antenna: "0016c001f153a14c", rssi: -97, snr: 6.5, sf: 9, frequencyHz: 868_100_000 },
    via: "lorawan",
    decoder: "quandify/cubicmeter-1-1@1",
    undecoded: null,
    readings: [
      { values: [{ register: "8-0:1.0.0" as const, n: litres, scale: -3, unit: "m3" as const }] },
    ],
    ...wanted,
    payload,
  };
  return { ...uplink, identity: identityOf(uplink) };
}
