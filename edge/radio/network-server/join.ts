/**
 * `join`: over-the-air activation of 1.0.x devices: from a join request to a session and its accept.
 *
 * Pure. The caller makes the record durable before the accept leaves: a nonce that was used and
 * forgotten would let a recorded join request in again.
 * @see LoRaWAN 1.0.4 section 6.2
 */
import { createHash } from "node:crypto";
import { buildJoinAccept, deriveSessionKeys10, type JoinRequest } from "lorawan-packet-decoder";
import type { DevEui } from "#shared/model/ids.ts";
import type { JoinKeys } from "#shared/model/site.ts";
import { CF_LIST, RX2, RX_DELAY_S } from "./eu868.ts";
import { DEV_NONCES_KEPT, type Session, type SessionRecord } from "./session.ts";

/** What a device joins with. */
export type RootKeys = JoinKeys;

/** First join nonces count minutes from here, so that they rise even when `local` was lost or the gateway exchanged. */
const NONCE_EPOCH_MS = Date.UTC(2026, 0, 1);
const LAST_JOIN_NONCE = 0xff_ffff;

/** Tells one root key from another without saying anything about it. */
export function rootKeyMark(appKey: string): string {
  return createHash("sha256")
    .update("riser root key mark")
    .update(appKey, "hex")
    .digest("hex")
    .slice(0, 16);
}

/** Whether this request's nonce was used before with the same root key. */
export function isNonceUsed(
  record: SessionRecord | undefined,
  request: JoinRequest,
  keys: RootKeys,
): boolean {
  return (
    record?.rootKeyMark === rootKeyMark(keys.appKey) && record.devNonces.includes(request.devNonce)
  );
}

/**
 * Undefined when the device has had all 2^24 join nonces.
 *
 * @param facts.now epoch ms; need not be right
 * @param facts.netId 6 hex digits
 */
export function acceptJoin(
  record: SessionRecord | undefined,
  request: JoinRequest,
  keys: RootKeys,
  facts: { devEui: DevEui; netId: string; devAddr: string; now: number },
): { record: SessionRecord; accept: Uint8Array } | undefined {
  const { devEui, netId, devAddr, now } = facts;
  const firstNonce = Math.min(
    Math.max(1, Math.floor((now - NONCE_EPOCH_MS) / 60_000)),
    LAST_JOIN_NONCE >> 1,
  );
  const joinNonce = record === undefined ? firstNonce : record.joinNonce + 1;
  if (joinNonce > LAST_JOIN_NONCE) return undefined;
  const mark = rootKeyMark(keys.appKey);
  const usedBefore = record?.rootKeyMark === mark ? record.devNonces : [];
  const pending: Session = {
    devAddr,
    joinNonce,
    ...deriveSessionKeys10({ appKey: keys.appKey, joinNonce, netId, devNonce: request.devNonce }),
    startedAt: new Date(now).toISOString(),
    fCntUp: null,
    lastFrame: null,
    lastHeard: null,
    fCntDownReserved: 0,
    txPower: 0,
    rxDelayS: RX_DELAY_S,
    rx2: { frequencyHz: RX2.frequencyHz, sf: RX2.sf },
  };
  return {
    record: {
      type: "session",
      v: 1,
      devEui,
      rootKeyMark: mark,
      devNonces: [...usedBefore, request.devNonce].slice(-DEV_NONCES_KEPT),
      joinNonce,
      active: record?.active ?? null,
      pending,
    },
    accept: buildJoinAccept({
      joinNonce,
      netId,
      devAddr,
      rx1DrOffset: 0,
      rx2DataRate: RX2.dataRate,
      rxDelay: RX_DELAY_S,
      cfList: CF_LIST,
      key: keys.appKey,
    }),
  };
}
