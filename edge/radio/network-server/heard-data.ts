/**
 * `heard-data`: a data frame from the air: whose it is, whether it is new, keep it, then answer.
 *
 * Nothing is answered before the uplink is durable, and its counter is taken only then: an uplink
 * that could not be kept is new again when it comes again.
 */
import { decryptFrmPayload, type DataUp } from "lorawan-packet-decoder";
import { DeviceId } from "#shared/model/ids.ts";
import type { TimeSource, Uplink } from "#shared/model/uplink.ts";
import type { HeardFrame } from "../antenna-link.ts";
import { answer } from "./answer.ts";
import type { Context } from "./context.ts";
import { candidatesOf, type Candidate, type Device } from "./device-table.ts";
import { matchFrame, type Match } from "./frame-match.ts";
import { sessionId, type SessionRecord } from "./session.ts";
import { frameMark } from "./transmission.ts";

/** How often a device may send one frame, the most that NbTrans says. What comes after that is not the device. */
const RETRANSMISSIONS_MAX = 15;

/** Resolves when the frame is settled: durable, or refused with a count. @throws Fault "unavailable" when it could not be kept */
export async function heardData(context: Context, heard: HeardFrame, phy: DataUp): Promise<void> {
  const candidates = context.table.candidates(phy.devAddr);
  if (candidates.length === 0) return unknown(context, heard, phy);
  const found = best(candidates, phy);
  if (!found) return context.tally.refused("mic_wrong");
  const { device } = found.candidate;
  await device.queue(() => take(context, device, heard, phy));
}

function unknown({ tally, ear }: Context, heard: HeardFrame, phy: DataUp): void {
  tally.refused("session_unknown");
  const deviceId = DeviceId.parse(`x-devaddr-${phy.devAddr}`);
  ear.glimpse({ deviceId, heardAt: heard.heardAt, radio: heard.radio, via: "lorawan" });
}

/** The session whose MIC is right; one in which the frame is new before one in which it is old. */
function best(
  candidates: readonly Candidate[],
  phy: DataUp,
): { candidate: Candidate; match: Match } | undefined {
  let older: { candidate: Candidate; match: Match } | undefined;
  for (const candidate of candidates) {
    const match = matchFrame(candidate.session, phy);
    if (match && match.order !== "older") return { candidate, match };
    if (match) older ??= { candidate, match };
  }
  return older;
}

async function take(
  context: Context,
  device: Device,
  heard: HeardFrame,
  phy: DataUp,
): Promise<void> {
  const { tally } = context;
  const mark = frameMark(phy.bytes);
  const { familiarity } = device.transmissions.recognise(mark, heard);
  if (familiarity === "resent") return;
  if (familiarity === "copy") return context.heardElsewhere();
  // Looked at again: the frames before it in the queue may have moved the counter or ended the session.
  const found = best(candidatesOf(device, phy.devAddr), phy);
  if (!found || !device.record) return tally.refused("session_unknown");
  const { candidate, match } = found;
  const { session, slot } = candidate;
  const name = sessionId(session);
  const commands = macCommandsOf(phy, session.nwkSKey, match.fCnt);
  const wantsAnswer = phy.confirmed || phy.fCtrl.adrAckReq || commands.length > 0;

  if (match.order === "next") {
    await context.ear.hear(
      uplinkOf(context, device, heard, phy, { name, appSKey: session.appSKey, fCnt: match.fCnt }),
    );
    const record: SessionRecord = {
      ...device.record,
      active: { ...session, fCntUp: match.fCnt, lastFrame: mark },
      pending: slot === "pending" ? null : device.record.pending,
    };
    context.table.set(device, record);
    context.store.saveLater(record);
    device.retransmissions = 0;
  } else {
    const isRetransmission =
      match.order === "same" &&
      session.lastFrame === mark &&
      device.retransmissions < RETRANSMISSIONS_MAX;
    if (!isRetransmission) return tally.refused("frame_replayed");
    device.retransmissions += 1;
  }
  const transmission = device.transmissions.note(mark, heard);
  if (wantsAnswer)
    context.track(answer(context, { device, session: name, heard, phy, commands, transmission }));
}

/** The device's MAC commands in the clear, empty when there are none. */
function macCommandsOf(phy: DataUp, nwkSKey: string, fCnt: number): Uint8Array {
  return phy.fPort === 0 ? decryptFrmPayload(phy, { fCnt, keys: { nwkSKey } }) : phy.fOpts;
}

/** A frame without application data is an uplink with nothing in it: it shows that the device lives, and its counter leaves no gap. */
function uplinkOf(
  context: Context,
  device: Device,
  heard: HeardFrame,
  phy: DataUp,
  { name, appSKey, fCnt }: { name: string; appSKey: string; fCnt: number },
): Uplink {
  const fPort = phy.fPort === undefined || phy.fPort === 0 ? null : phy.fPort;
  const { time, timeSource } = timeOf(context, heard);
  return {
    deviceId: DeviceId.parse(device.devEui),
    session: name,
    fCnt,
    fPort,
    payload:
      fPort === null ? new Uint8Array(0) : decryptFrmPayload(phy, { fCnt, keys: { appSKey } }),
    time,
    timeSource,
    heardAt: heard.heardAt,
    radio: heard.radio,
    via: "lorawan",
  };
}

/** How far ahead of a clock that was set an antenna's GPS time may be, ms. Behind it may be: antennas that lost their link send later. */
const GPS_AHEAD_MS = 60_000;

function timeOf(
  { isClockSynced }: Context,
  heard: HeardFrame,
): { time: number; timeSource: TimeSource } {
  const { gpsTime, heardAt } = heard;
  const isSynced = isClockSynced();
  const isBelieved = gpsTime !== undefined && !(isSynced && gpsTime > heardAt + GPS_AHEAD_MS);
  if (isBelieved) return { time: gpsTime, timeSource: "radio" };
  return { time: heardAt, timeSource: isSynced ? "gateway" : "unset" };
}
