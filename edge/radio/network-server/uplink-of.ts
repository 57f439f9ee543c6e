/** `uplink-of`: a checked data frame, deciphered, as the uplink that everyone after this knows. */
import { decryptFrmPayload, type DataUp } from "lorawan-packet-decoder";
import { DeviceId } from "#shared/model/ids.ts";
import type { TimeSource, Uplink } from "#shared/model/uplink.ts";
import type { HeardFrame } from "../antenna-link.ts";
import type { Context } from "./context.ts";

/** How far ahead of a clock that was set an antenna's GPS time may be, ms. Behind it may be: antennas that lost their link send later. */
const GPS_AHEAD_MS = 60_000;

/** Between these two a frame is older than its way takes, and no older than a broker would keep it, ms. */
const isWaited = (ageMs: number) => ageMs > 5_000 && ageMs < 90 * 86_400_000;

/** A frame without application data is an uplink with nothing in it: it shows that the device lives, and its counter leaves no gap. */
export function uplinkOf(
  context: Pick<Context, "isClockSynced">,
  devEui: string,
  heard: HeardFrame,
  phy: DataUp,
  { name, appSKey, fCnt }: { name: string; appSKey: string; fCnt: number },
): Uplink {
  const fPort = phy.fPort === undefined || phy.fPort === 0 ? null : phy.fPort;
  return {
    deviceId: DeviceId.parse(devEui),
    session: name,
    fCnt,
    fPort,
    payload:
      fPort === null ? new Uint8Array(0) : decryptFrmPayload(phy, { fCnt, keys: { appSKey } }),
    ...timeOf(context, heard),
    heardAt: heard.heardAt,
    radio: heard.radio,
    via: "lorawan",
  };
}

function timeOf(
  { isClockSynced }: Pick<Context, "isClockSynced">,
  { gpsTime, hostTime, heardAt }: HeardFrame,
): { time: number; timeSource: TimeSource } {
  const isSynced = isClockSynced();
  const isBelieved = gpsTime !== undefined && !(isSynced && gpsTime > heardAt + GPS_AHEAD_MS);
  if (isBelieved) return { time: gpsTime, timeSource: "radio" };
  // A frame that waited at a broker was sent when its antenna says, not when it came here.
  if (hostTime !== undefined && isSynced && isWaited(heardAt - hostTime))
    return { time: hostTime, timeSource: "server" };
  return { time: heardAt, timeSource: isSynced ? "gateway" : "unset" };
}
