/**
 * `heard-data`: a data frame from the air: whose it is, whether it is new, keep it, then answer.
 *
 * A frame with an older counter is a replay, unless its antenna proves that it was only late.
 * Nothing is answered before the uplink is durable, and its counter is taken only then: an uplink
 * that could not be kept is new again when it comes again.
 */
import {
  decryptFrmPayload,
  parseMacCommands,
  type DataUp,
  type MacCommand,
} from "lorawan-packet-decoder";
import { DeviceId } from "#shared/model/ids.ts";
import type { Uplink } from "#shared/model/uplink.ts";
import type { HeardFrame } from "../antenna-link.ts";
import { AdrControl } from "./adr.ts";
import { answer } from "./answer.ts";
import type { Context } from "./context.ts";
import { candidatesOf, type Candidate, type Device } from "./device-table.ts";
import { matchFrame, type Match } from "./frame-match.ts";
import { sessionId, type SessionRecord } from "./session.ts";
import { timeBefore } from "./late-frame.ts";
import { frameMark } from "./transmission.ts";
import { uplinkOf } from "./uplink-of.ts";

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
  let request: MacCommand | undefined;
  const uplink = (): Uplink =>
    uplinkOf(context, device.devEui, heard, phy, { ...session, name, fCnt: match.fCnt });

  if (match.order === "next") {
    await context.ear.hear(uplink());
    const { antenna, tmst, heardAt, gpsTime = null } = heard;
    const lastHeard = { antenna, tmst, heardAt, gpsTime };
    const adr = device.adr?.session === name ? device.adr : new AdrControl(name);
    const txPower = takenPower(adr, commands) ?? session.txPower;
    const record: SessionRecord = {
      ...device.record,
      active: { ...session, fCntUp: match.fCnt, lastFrame: mark, lastHeard, txPower },
      pending: slot === "pending" ? null : device.record.pending,
    };
    context.table.set(device, record);
    context.store.saveLater(record);
    device.retransmissions = 0;
    device.adr = adr;
    const { bandwidthHz, radio } = heard;
    if (
      phy.fCtrl.adr &&
      bandwidthHz === 125_000 &&
      radio.snr !== undefined &&
      radio.sf !== undefined
    )
      request = adr.heard({ snr: radio.snr, sf: radio.sf }, txPower);
  } else if (match.order === "older") {
    const time = timeBefore(heard, session.lastHeard);
    if (time === undefined) return tally.refused("frame_replayed");
    await context.ear.hear({ ...uplink(), time });
    device.transmissions.note(mark, heard);
    // Its windows are long closed.
    return;
  } else {
    const isRetransmission =
      session.lastFrame === mark && device.retransmissions < RETRANSMISSIONS_MAX;
    if (!isRetransmission) return tally.refused("frame_replayed");
    device.retransmissions += 1;
  }
  const wantsAnswer =
    phy.confirmed || phy.fCtrl.adrAckReq || commands.length > 0 || request !== undefined;
  const transmission = device.transmissions.note(mark, heard);
  if (wantsAnswer)
    context.track(
      answer(context, { device, session: name, heard, phy, commands, transmission, request }),
    );
}

/** The power the device has taken by its answers to ADR, undefined when it answers nothing. */
function takenPower(adr: AdrControl, commands: Uint8Array): number | undefined {
  let txPower: number | undefined;
  for (const command of parseMacCommands(commands, "up", "1.0").commands)
    if (command.name === "LinkADRAns") txPower = adr.answered(command) ?? txPower;
  return txPower;
}

/** The device's MAC commands in the clear, empty when there are none. */
function macCommandsOf(phy: DataUp, nwkSKey: string, fCnt: number): Uint8Array {
  return phy.fPort === 0 ? decryptFrmPayload(phy, { fCnt, keys: { nwkSKey } }) : phy.fOpts;
}
