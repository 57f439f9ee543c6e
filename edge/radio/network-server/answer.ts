/**
 * `answer`: the downlink after an uplink: acknowledgement, answers to MAC commands, or an empty
 * frame that tells a device that asks (ADRACKReq) that the network still hears it.
 *
 * A downlink counter is never used before its block is durable; after a crash the counter begins
 * past the block. Devices take a counter that jumps ahead, never one that they saw before.
 */
import { buildDataFrame, type DataUp, type MacCommand } from "lorawan-packet-decoder";
import { DeviceId } from "#shared/model/ids.ts";
import type { HeardFrame } from "../antenna-link.ts";
import type { Context } from "./context.ts";
import { sessionNamed, type Device } from "./device-table.ts";
import { sendInWindow } from "./downlink.ts";
import { linkMarginDb } from "./eu868.ts";
import { macAnswers } from "./mac-answers.ts";
import type { Session } from "./session.ts";
import type { Transmission } from "./transmission.ts";

/** Downlink counters reserved with one write. */
export const FCNT_DOWN_BLOCK = 32;
const COUNTERS = 0x1_0000_0000;

export interface Question {
  readonly device: Device;
  /** The session's name; when the device has left it meanwhile there is nobody to answer. */
  readonly session: string;
  readonly heard: HeardFrame;
  readonly phy: DataUp;
  /** The uplink's MAC commands in the clear. */
  readonly commands: Uint8Array;
  readonly transmission: Transmission;
  /** What the network asks of the device by itself. */
  readonly request: MacCommand | undefined;
}

/** Answers when there is something to say. Never rejects: what goes wrong is counted and logged, and the device asks again. */
export async function answer(context: Context, question: Question): Promise<void> {
  const { tally, log, clock } = context;
  const { device, heard, phy, transmission } = question;
  try {
    // Another gateway is its home now: two that answer would use the same counters.
    if (!context.keysOf(DeviceId.parse(device.devEui))) return;
    const time = heard.gpsTime ?? (context.isClockSynced() ? heard.heardAt : undefined);
    const marginDb = linkMarginDb(heard.radio.snr, heard.radio.sf);
    const fOpts = macAnswers(question.commands, {
      marginDb,
      antennas: transmission.antennas.size,
      time,
      request: question.request,
    });
    if (!phy.confirmed && !phy.fCtrl.adrAckReq && fOpts.length === 0) return;
    const taken = await device.queue(() => takeCounter(context, device, question.session));
    if (!taken) return;
    const { session, fCnt } = taken;
    const { devAddr, nwkSKey, rxDelayS, rx2 } = session;
    const ack = phy.confirmed;
    const frame = buildDataFrame({
      version: "1.0",
      direction: "down",
      devAddr,
      fCnt,
      ack,
      // Says that this network steers the data rate of devices that let it.
      adr: phy.fCtrl.adr,
      fOpts,
      keys: { nwkSKey },
    });
    const outcome = await sendInWindow(heard, frame, { rx1DelayS: rxDelayS, rx2 }, clock);
    if (outcome.outcome === "late") tally.refused("downlink_refused");
    if (outcome.outcome !== "sent")
      log.info(
        { devEui: device.devEui, antenna: heard.antenna, ...outcome },
        "an answer was not sent",
      );
  } catch (error) {
    tally.refused("downlink_refused");
    log.error(
      { devEui: device.devEui, reason: error instanceof Error ? error.message : String(error) },
      "an answer failed",
    );
  }
}

/** The next downlink counter of that session; its block is durable when this resolves. */
async function takeCounter(
  context: Context,
  device: Device,
  name: string,
): Promise<{ session: Session; fCnt: number } | undefined> {
  const found = sessionNamed(device, name);
  if (!found || !device.record) return undefined;
  let { session } = found;
  const fCnt = device.fCntDown?.session === name ? device.fCntDown.next : session.fCntDownReserved;
  if (fCnt >= COUNTERS) return undefined;
  if (fCnt >= session.fCntDownReserved) {
    session = { ...session, fCntDownReserved: Math.min(fCnt + FCNT_DOWN_BLOCK, COUNTERS) };
    const record = { ...device.record, [found.slot]: session };
    await context.store.save(record);
    context.table.set(device, record);
  }
  device.fCntDown = { session: name, next: fCnt + 1 };
  return { session, fCnt };
}
