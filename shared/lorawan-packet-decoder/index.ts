/**
 * Strict LoRaWAN 1.0.x and 1.1 frames on `node:crypto`: parse, check, decipher, build.
 *
 * No clock, no randomness, no network, no state but a bounded store of cipher objects. Arguments
 * are never changed; results share no memory with them.
 */
export { LorawanError, type LorawanErrorCode } from "./lorawan-error.ts";
export { MTYPE } from "./phy.ts";
export type {
  DataDown,
  DataUp,
  Direction,
  JoinAccept,
  JoinRequest,
  LorawanVersion,
  Phy,
  Proprietary,
  RejoinRequest,
} from "./phy.ts";
export type { Frame } from "./frame-of.ts";
export { MAX_PHY_LENGTH, parse } from "./parse.ts";
export { computeDataMic, downlinkCounter, verifyDataMic } from "./data-mic.ts";
export type { DataMicOptions, DataMicOptions10, DataMicOptions11 } from "./data-mic.ts";
export { cryptFOpts, cryptFrmPayload, decryptFOpts, decryptFrmPayload } from "./payload-cipher.ts";
export type { CipherPlace, PayloadKeys } from "./payload-cipher.ts";
export { buildDataFrame } from "./data-frame.ts";
export type { DataFrameFields, DataFrameFields10, DataFrameFields11 } from "./data-frame.ts";
export { buildJoinRequest, verifyJoinRequestMic } from "./join-request.ts";
export {
  JOIN_REQ_TYPE,
  buildJoinAccept,
  decryptJoinAccept,
  verifyJoinAcceptMic,
} from "./join-accept.ts";
export type { JoinAcceptContext, JoinAcceptFields, PlainJoinAccept } from "./join-accept.ts";
export { buildCfList, parseCfList, type CfList } from "./cf-list.ts";
export {
  buildRejoinRequest,
  verifyRejoinRequestMic,
  type RejoinRequestFields,
} from "./rejoin-request.ts";
export {
  deriveJoinServerKeys,
  deriveSessionKeys10,
  deriveSessionKeys11,
  type JoinNonce,
} from "./session-keys.ts";
export { buildMacCommands, parseMacCommands, type MacCommandRun } from "./mac-commands.ts";
export type { MacCommand, MacCommandName } from "./mac-command-table.ts";
export { nextFCnt } from "./frame-counter.ts";
export { aesCmac } from "./cmac.ts";
export { KEYS_PER_GENERATION, forgetKeys, keptKeys, type AesKey } from "./aes.ts";
export { fromHex, toHex } from "./hex.ts";
