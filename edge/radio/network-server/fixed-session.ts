/**
 * `fixed-session`: the session a device was given at its factory (ABP), as the network server's record.
 *
 * Its counters go on over a restart like any other's: a device that forgets its own when its battery
 * is changed is refused as a replay, for nothing tells the two apart. Pure.
 * @see LoRaWAN 1.0.4 section 6.3, "Activation by personalization"
 */
import { createHash } from "node:crypto";
import type { DevEui } from "#shared/model/ids.ts";
import type { FixedSession } from "#shared/model/site.ts";
import { RX2 } from "./eu868.ts";
import type { SessionRecord } from "./session.ts";

/** A device that never joined was told no other delay: RECEIVE_DELAY1, s. */
const RX_DELAY_S = 1;

/** Tells one such session from another without saying anything about its keys. */
function markOf({ devAddr, nwkSKey, appSKey }: FixedSession): string {
  return createHash("sha256")
    .update("riser fixed session mark")
    .update(devAddr, "hex")
    .update(nwkSKey, "hex")
    .update(appSKey, "hex")
    .digest("hex")
    .slice(0, 16);
}

/** The record to write, or undefined when the device has this session already. @param now epoch ms */
export function fixedRecord(
  record: SessionRecord | undefined,
  devEui: DevEui,
  fixed: FixedSession,
  now: number,
): SessionRecord | undefined {
  const mark = markOf(fixed);
  if (record?.rootKeyMark === mark && record.active !== null) return undefined;
  // Other keys are another session: its uplinks need a name of their own.
  const number = record === undefined ? 0 : record.joinNonce + 1;
  const { devAddr, nwkSKey, appSKey } = fixed;
  return {
    type: "session",
    v: 1,
    devEui,
    rootKeyMark: mark,
    devNonces: [],
    joinNonce: number,
    active: {
      devAddr,
      joinNonce: number,
      nwkSKey,
      appSKey,
      startedAt: new Date(now).toISOString(),
      fCntUp: null,
      lastFrame: null,
      lastHeard: null,
      fCntDownReserved: 0,
      txPower: 0,
      rxDelayS: RX_DELAY_S,
      rx2: { frequencyHz: RX2.frequencyHz, sf: RX2.sf },
    },
    pending: null,
  };
}
