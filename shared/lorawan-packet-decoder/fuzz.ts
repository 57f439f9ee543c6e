/**
 * Throws random and mutated bytes at everything that reads: nothing but a `LorawanError` may come
 * out, nothing may take long, no argument may change. Used by the tests (short) and by a script (long).
 *
 * The bytes come from a seed, so that a find can be had again.
 */
import {
  LorawanError,
  buildDataFrame,
  buildJoinAccept,
  buildJoinRequest,
  buildMacCommands,
  buildRejoinRequest,
  decryptFOpts,
  decryptFrmPayload,
  decryptJoinAccept,
  nextFCnt,
  parse,
  parseCfList,
  parseMacCommands,
  toHex,
  verifyDataMic,
  verifyJoinAcceptMic,
  verifyJoinRequestMic,
  verifyRejoinRequestMic,
} from "./index.ts";

/** What a run of the fuzzer met. */
export interface FuzzResult {
  count: number;
  /** How often each outcome came: a type of frame that was read, or the code of a refusal. */
  outcomes: Map<string, number>;
  /** MICs that were right: those of frames left whole. */
  rightMics: number;
  /** Anything else thrown, an argument changed, or MAC commands that do not come out as they went in. */
  finds: { hex: string; what: string }[];
  /** The longest one buffer took. */
  slowestMs: number;
}

const key = "000102030405060708090a0b0c0d0e0f";
const keys10 = { nwkSKey: key, appSKey: key };
const keys11 = { fNwkSIntKey: key, sNwkSIntKey: "f".repeat(32), nwkSEncKey: key, appSKey: key };
const devAddr = "26011bda";
const devEui = "0011223344556677";
const joinEui = "70b3d57ed0000001";
const payload = Uint8Array.from({ length: 20 }, (_, index) => index);

/** Well formed frames of every kind, to start mutations from. */
const originals: readonly Uint8Array[] = [
  buildDataFrame({
    version: "1.0",
    direction: "up",
    devAddr,
    fCnt: 1,
    fPort: 2,
    payload,
    keys: keys10,
  }),
  buildDataFrame({
    version: "1.0",
    direction: "down",
    confirmed: true,
    devAddr,
    fCnt: 1,
    ack: true,
    keys: keys10,
  }),
  buildDataFrame({
    version: "1.0",
    direction: "up",
    devAddr,
    fCnt: 65_537,
    fOpts: Uint8Array.of(2, 3, 7),
    keys: keys10,
  }),
  buildDataFrame({
    version: "1.1",
    direction: "up",
    devAddr,
    fCnt: 1,
    fOpts: Uint8Array.of(2),
    fPort: 9,
    payload,
    keys: keys11,
  }),
  buildDataFrame({
    version: "1.1",
    direction: "down",
    devAddr,
    fCnt: 1,
    fPort: 0,
    payload: Uint8Array.of(6),
    keys: keys11,
  }),
  buildJoinRequest({ joinEui, devEui, devNonce: 1, key }),
  buildJoinAccept({ joinNonce: 1, netId: "000013", devAddr, key }),
  buildJoinAccept({ joinNonce: 1, netId: "000013", devAddr, cfList: new Uint8Array(16), key }),
  buildRejoinRequest({ rejoinType: 0, netId: "000013", devEui, rjCount: 1, key }),
  buildRejoinRequest({ rejoinType: 1, joinEui, devEui, rjCount: 1, key }),
  Uint8Array.of(0xe0, 1, 2, 3, 4, 5),
];

/** A small random number generator (mulberry32): 0 ≤ next(max) < max, whole. */
function random(seed: number): (max: number) => number {
  let state = seed >>> 0;
  return (max) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * max);
  };
}

function noise(next: (max: number) => number): Uint8Array {
  const bytes = new Uint8Array(next(4) === 0 ? next(400) : next(40));
  for (let index = 0; index < bytes.length; index++) bytes[index] = next(256);
  if (bytes.length > 0 && next(4) !== 0) bytes[0]! &= 0xfc;
  return bytes;
}

function mutated(next: (max: number) => number): Uint8Array {
  let bytes = new Uint8Array(originals[next(originals.length)]!);
  for (let changes = next(4); changes > 0; changes--) {
    const at = next(bytes.length + 1);
    const way = next(5);
    if (way === 0) bytes[at % Math.max(1, bytes.length)]! ^= 1 << next(8);
    else if (way === 1)
      bytes[at % Math.max(1, bytes.length)] = [0, 1, 0x0f, 0x7f, 0x80, 0xff][next(6)]!;
    else if (way === 2) bytes = bytes.slice(0, at);
    else if (way === 3)
      bytes = Uint8Array.of(...bytes.subarray(0, at), next(256), ...bytes.subarray(at));
    else bytes = Uint8Array.of(...bytes, ...bytes.subarray(0, at));
  }
  return bytes;
}

/** Runs `count` buffers, half random, half mutated. Stops early after 20 finds. */
export function fuzz(count: number, seed: number): FuzzResult {
  const next = random(seed);
  const result: FuzzResult = {
    count: 0,
    outcomes: new Map(),
    rightMics: 0,
    finds: [],
    slowestMs: 0,
  };
  while (result.count < count && result.finds.length < 20) {
    result.count++;
    const bytes = next(2) === 0 ? noise(next) : mutated(next);
    const before = new Uint8Array(bytes);
    const began = performance.now();
    try {
      for (const outcome of [everything(bytes, next, result), macCommands(bytes)]) {
        result.outcomes.set(outcome, (result.outcomes.get(outcome) ?? 0) + 1);
      }
    } catch (error) {
      result.finds.push({ hex: toHex(before), what: String(error) });
    }
    result.slowestMs = Math.max(result.slowestMs, performance.now() - began);
    if (bytes.length !== before.length || bytes.some((byte, index) => byte !== before[index])) {
      result.finds.push({ hex: toHex(before), what: "the argument was changed" });
    }
  }
  return result;
}

/** Parses, checks and deciphers with whatever fits. @returns the type read, or the code of the refusal */
function everything(bytes: Uint8Array, next: (max: number) => number, result: FuzzResult): string {
  try {
    const phy = parse(bytes);
    let right = false;
    if (phy.type === "dataUp" || phy.type === "dataDown") {
      const fCnt = nextFCnt(next(2) === 0 ? undefined : 65_536, phy.fCnt16);
      const one = verifyDataMic(phy, { version: "1.0", keys: keys10, fCnt });
      right =
        verifyDataMic(phy, {
          version: "1.1",
          keys: keys11,
          fCnt,
          confFCnt: next(65_536),
          txDr: 0,
          txCh: 0,
        }) || one;
      parseMacCommands(decryptFOpts(phy, { nwkSEncKey: key, fCnt }), phy.direction);
      parseMacCommands(decryptFrmPayload(phy, { keys: keys11, fCnt }), phy.direction);
    } else if (phy.type === "joinRequest") {
      right = verifyJoinRequestMic(phy, key);
    } else if (phy.type === "rejoinRequest") {
      right = verifyRejoinRequestMic(phy, key);
    } else if (phy.type === "joinAccept") {
      const plain = decryptJoinAccept(phy, key);
      right = verifyJoinAcceptMic(plain, { key, jsIntKey: key, joinEui, devNonce: 1 });
      if (plain.cfList !== undefined) parseCfList(plain.cfList);
    }
    if (right) result.rightMics++;
    return phy.type;
  } catch (error) {
    if (error instanceof LorawanError) return error.code;
    throw error;
  }
}

/** What can be read as MAC commands must come out the same when built and read again. */
function macCommands(frame: Uint8Array): string {
  const direction = frame.length % 2 === 0 ? "up" : "down";
  // Half of the bytes become small ones, as identifiers are.
  const bytes = frame.map((byte) => (byte < 0x80 ? byte % 0x14 : byte));
  const { commands, error } = parseMacCommands(bytes, direction);
  let again: Uint8Array;
  try {
    again = buildMacCommands(commands, direction);
  } catch (refusal) {
    // Values that are reserved can be read, so that the commands after them are not lost, but not sent.
    if (refusal instanceof LorawanError && refusal.code === "out_of_range")
      return "MAC commands: reserved value";
    throw refusal;
  }
  const read = parseMacCommands(again, direction);
  if (JSON.stringify(read.commands) !== JSON.stringify(commands))
    throw new Error("MAC commands came out changed");
  return error === undefined ? "MAC commands: all read" : `MAC commands: ${error.code}`;
}
