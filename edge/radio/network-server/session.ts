/**
 * `session`: what the gateway remembers of one LoRaWAN device, and its document in `local`.
 *
 * Holds session keys: it never leaves `local` in the clear and never goes into a log.
 *
 * Document `session:{devEui}`, written by this gateway alone. History: 1 = first release.
 */
import { z } from "zod";
import { DevEui } from "#shared/model/ids.ts";

const key = z.string().regex(/^[0-9a-f]{32}$/);
const counter = z.number().int().min(0).max(0x1_0000_0000);

/** How the newest frame was heard: the antenna's EUI and counter (µs), epoch ms by this machine and by the antenna's GPS. */
export const LastHeard = z.object({
  antenna: z.string(),
  tmst: z.number().int().min(0).max(0xffff_ffff),
  heardAt: z.number(),
  gpsTime: z.number().nullable(),
});
export type LastHeard = z.infer<typeof LastHeard>;

/** One LoRaWAN session, from a join to the next. */
export const Session = z.object({
  devAddr: z.string().regex(/^[0-9a-f]{8}$/),
  joinNonce: z.number().int().min(0).max(0xffffff),
  nwkSKey: key,
  appSKey: key,
  startedAt: z.iso.datetime(),
  /** The highest counter accepted. May lag behind the inbox by what the last second brought. */
  fCntUp: counter.nullable(),
  /** Mark of the frame that had it, so that a retransmission is told from a replay. */
  lastFrame: z.string().nullable(),
  /** Tells frames that come late from replays. */
  lastHeard: LastHeard.nullable(),
  /** Downlink counters below this one may have been used. */
  fCntDownReserved: counter,
  /** The power index the device was told and took; 0 is full power. */
  txPower: z.number().int().min(0).max(15),
  /** From an uplink's end to RX1, s; RX2 follows a second later. */
  rxDelayS: z.number().int().min(1).max(15),
  rx2: z.object({ frequencyHz: z.number().int(), sf: z.number().int() }),
});
export type Session = z.infer<typeof Session>;

/** All about one device. */
export const SessionRecord = z.object({
  type: z.literal("session"),
  v: z.literal(1),
  devEui: DevEui,
  /** Tells whether the root key is still the one the nonces below were used with. No key can be found from it. */
  rootKeyMark: z.string(),
  /** DevNonces used, oldest first, the last {@link DEV_NONCES_KEPT}. */
  devNonces: z.array(z.number().int().min(0).max(0xffff)),
  /** The last one given out; only ever rises. */
  joinNonce: z.number().int().min(0).max(0xffffff),
  /** The session the device was last heard in. */
  active: Session.nullable(),
  /** Offered by the newest join accept; takes over with its first uplink, for the device may not have heard the accept. */
  pending: Session.nullable(),
});
export type SessionRecord = z.infer<typeof SessionRecord>;

/**
 * How many used DevNonces are remembered. An older one may be used again: devices of 1.0.3 and
 * before draw them at random, and would be locked out in the end. Replaying a forgotten join
 * request wins nothing: it makes a pending session that nobody can speak in.
 */
export const DEV_NONCES_KEPT = 1000;

/** The document's name. */
export function sessionDocId(devEui: string): string {
  return `session:${devEui}`;
}

/** How uplinks name the session. A new join always makes a new name, so their identities are new too. */
export function sessionId(session: Pick<Session, "devAddr" | "joinNonce">): string {
  return `${session.devAddr}-${session.joinNonce.toString(16).padStart(6, "0")}`;
}
