/**
 * `refusals`: every reason for which something heard is not taken as a reading, on both sides.
 *
 * Metrics, the ledger and the pages are made from this list: nothing is dropped without a reason
 * that stands here, and a count (`riser_refused_total{reason}`).
 */
import type { DeviceId, TenantName } from "./ids.ts";

export const refusals = {
  datagram_malformed: "A datagram or message that is not of an antenna's protocol",
  antenna_not_allowed: "A datagram from an address that is not on the allow list",
  frame_crc: "A radio packet that arrived damaged (CRC)",
  frame_malformed: "Bytes that are no LoRaWAN frame",
  frame_unexpected: "A LoRaWAN frame of a kind that a network server does not take from an antenna",
  frame_proprietary: "A proprietary LoRaWAN frame",
  session_unknown: "A frame of a session this gateway does not hold",
  mic_wrong: "A frame whose integrity code is wrong",
  frame_replayed: "A frame with a counter that was used before",
  join_unknown: "A join request of a device this gateway has no keys for",
  join_replayed: "A join request whose nonce was used before",
  json_malformed: "A message that is no JSON, or too deep",
  message_too_large: "A message or topic beyond the size limit",
  message_retained: "A message that a broker had kept: it is old and says nothing of now",
  message_unrecognised: "JSON of a kind that no format knows",
  message_protobuf:
    "A gateway bridge that publishes protobuf: its marshaler must be set to json to be heard",
  topic_not_allowed: "A message to a topic that its sender may not publish to",
  value_skipped:
    "A part of a message that is no reading: a data set, a template, a number too long, a name never told",
  message_invalid: "A message of a known kind with a field that cannot be",
  device_unknown: "An uplink of a device that no community here has: kept as a stranger",
  strangers_full: "An uplink of an unknown device beyond the space kept for strangers",
  payload_undecodable: "An uplink whose payload its decoder refuses: kept raw",
  decoder_missing: "An uplink of a device whose model has no decoder here: kept raw",
  decoder_busy:
    "An uplink whose decoder did not answer in time: kept raw, its decoder is asked again",
  value_refused:
    "A value that cannot be (no safe whole number, time out of range): the uplink is kept raw",
  downlink_refused: "A downlink that an antenna could not send",
  segment_damaged: "A segment that cannot be unpacked or whose digest is wrong",
  replication_denied: "A document the other side refuses",
  store_full:
    "An uplink that could not be kept because the disk is full: its sender was not told that it was",
  budget_full:
    "An uplink that could not be kept because the space for readings is used up: its sender was not told that it was",
  store_unavailable:
    "An uplink that could not be kept because its database failed: its sender was not told that it was",
  store_damaged: "An uplink that was kept and was lost when its database was damaged",
  database_damaged: "A database that was damaged, set aside and begun anew",
  session_lost: "Radio sessions lost with a damaged database: their devices have to join again",
  session_damaged:
    "A radio session of the machine before that arrived damaged: its device has to join again",
  session_foreign_key:
    "A radio session of the machine before that is sealed with a key that is not here: its device has to join again",
  session_newer:
    "A radio session of the machine before in a form that only newer programs read: its device has to join again",
  session_other_key:
    "A radio session of the machine before that was made with another key than its device has now: it has to join again",
  keys_unopened: "A bundle of devices' keys from the hub that this gateway cannot open",
  community_erased: "An uplink that was not on the hub yet when it erased the community",
  copy_dropped: "This gateway's own copy of uplinks that the hub has, dropped to make room",
} as const;
export type Refusal = keyof typeof refusals;

/** What is known of what was refused or lost. */
export interface RefusedWhat {
  readonly tenant?: TenantName;
  readonly deviceId?: DeviceId;
  /** When the first and last of them were heard, epoch ms. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** In words, for an operator; no person, no key. */
  readonly about?: string;
}

/** Counts refusals; handed to everyone who may refuse something. */
export interface Tally {
  refused(reason: Refusal, count?: number, what?: RefusedWhat): void;
}
