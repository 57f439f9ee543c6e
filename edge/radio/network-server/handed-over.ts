/**
 * `handed-over`: a device's session as it goes to the hub, sealed, and comes down to the machine that
 * takes this one's place. Pure.
 *
 * What is exported lags behind what was used. The downlink counter is jumped past all that can have
 * been reserved since; a device takes any higher one. Uplinks that were heard in between and come
 * again have the identity they had, and are repeats.
 * @see LoRaWAN 1.0.4 section 4.3.1.5, "Frame counter (FCnt)"
 */
import type { LeftBehindReason } from "#shared/model/left-behind.ts";
import { FCNT_DOWN_BLOCK } from "./answer.ts";
import { sessionId, SessionRecord, type Session } from "./session.ts";

/** Nonces of joins that go with it: the newest, so that a join request of just now is not played again. */
const NONCES = 16;
/** Blocks of downlink counters, and join nonces, that may have been used since the export. */
const [BLOCKS, JOINS] = [4, 16];
const MOST_COUNTER = 0x1_0000_0000;
const MOST_NONCE = 0xff_ffff;

/** Another text when the session, or what is reserved of it, is another one. */
export function exportMark({ active, pending, joinNonce }: SessionRecord): string {
  const of = (session: Session | null) =>
    session ? `${sessionId(session)}/${session.fCntDownReserved}` : "";
  return `${of(active)} ${of(pending)} ${joinNonce}`;
}

export function exported(record: SessionRecord): string {
  const { devNonces, active, pending } = record;
  const plain = (session: Session | null) =>
    session && { ...session, lastFrame: null, lastHeard: null };
  return JSON.stringify({
    ...record,
    devNonces: devNonces.slice(-NONCES),
    active: plain(active),
    pending: plain(pending),
  });
}

/** A record with its counters past all that may have been used. */
export function jumped(record: SessionRecord): SessionRecord {
  const past = (session: Session | null) =>
    session && {
      ...session,
      fCntDownReserved: Math.min(session.fCntDownReserved + BLOCKS * FCNT_DOWN_BLOCK, MOST_COUNTER),
    };
  return {
    ...record,
    joinNonce: Math.min(record.joinNonce + JOINS, MOST_NONCE),
    active: past(record.active),
    pending: past(record.pending),
  };
}

/** What was exported, for going on with; or why it cannot be. */
export function takenOver(devEui: string, told: unknown): SessionRecord | LeftBehindReason {
  if (typeof told !== "string") return "session_newer";
  let record: unknown;
  try {
    record = JSON.parse(told);
  } catch {
    return "session_damaged";
  }
  const parsed = SessionRecord.safeParse(record);
  if (parsed.success && parsed.data.devEui === devEui) return jumped(parsed.data);
  const { v } = Object(record) as { v?: unknown };
  return typeof v === "number" && v > 1 ? "session_newer" : "session_damaged";
}
