/**
 * Bench `decode`: how many frames a second of processor time goes through parse + MIC check +
 * decipher, ours against lora-packet, in the same process.
 *
 * The two take turns in short rounds, so that whatever else the machine does falls on both; the
 * median round counts. Processor time, not wall time. Frames of many devices, keys as a gateway
 * holds them (text for ours, buffers for lora-packet): neither is spared its usual work.
 */
import loraPacket from "lora-packet";
import {
  buildDataFrame,
  decryptFrmPayload,
  nextFCnt,
  parse,
  verifyDataMic,
} from "lorawan-packet-decoder";
import type { BenchRow } from "./report.ts";

/** Its types describe a default export that the CommonJS module does not have. */
const lora = loraPacket as unknown as typeof loraPacket.default;

const DEVICES = 200;
const ROUNDS = 21;
const ROUND_MS = 40;
const TARGET = 25;
const PAYLOAD_BYTES = 20;

interface Sample {
  frame: Buffer;
  fCnt: number;
  payload: Buffer;
  keys: { nwkSKey: string; appSKey: string };
  keyBuffers: { nwkSKey: Buffer; appSKey: Buffer };
}

/** Devices and keys from a fixed sequence: every run measures the same frames. */
function samples(): Sample[] {
  let state = 0x5eed;
  const bytes = (length: number): Buffer =>
    Buffer.from(
      Array.from({ length }, () => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return state >>> 24;
      }),
    );
  return Array.from({ length: DEVICES }, () => {
    const payload = bytes(PAYLOAD_BYTES);
    const keyBuffers = { nwkSKey: bytes(16), appSKey: bytes(16) };
    const keys = {
      nwkSKey: keyBuffers.nwkSKey.toString("hex"),
      appSKey: keyBuffers.appSKey.toString("hex"),
    };
    const fCnt = bytes(2).readUInt16LE();
    const devAddr = bytes(4).toString("hex");
    const frame = buildDataFrame({
      version: "1.0",
      direction: "up",
      devAddr,
      fCnt,
      fPort: 2,
      payload,
      keys,
    });
    return { frame: Buffer.from(frame), fCnt, payload, keys, keyBuffers };
  });
}

function ours({ frame, fCnt, keys }: Sample): Uint8Array | undefined {
  const phy = parse(frame);
  if (phy.type !== "dataUp") return undefined;
  const whole = nextFCnt(fCnt, phy.fCnt16);
  return verifyDataMic(phy, { version: "1.0", keys, fCnt: whole })
    ? decryptFrmPayload(phy, { keys, fCnt: whole })
    : undefined;
}

function theirs({ frame, keyBuffers }: Sample): Uint8Array | undefined {
  const packet = lora.fromWire(frame);
  return lora.verifyMIC(packet, keyBuffers.nwkSKey)
    ? lora.decrypt(packet, keyBuffers.appSKey, keyBuffers.nwkSKey)
    : undefined;
}

/** Frames per second of processor time over one round; each result is looked at. */
function round(decode: (sample: Sample) => Uint8Array | undefined, all: readonly Sample[]): number {
  const began = process.cpuUsage();
  let frames = 0;
  let usedUs = 0;
  while (usedUs < ROUND_MS * 1000) {
    for (const sample of all) {
      if (decode(sample)?.[0] !== sample.payload[0])
        throw new Error("a decoder under measure gave a wrong payload");
    }
    frames += all.length;
    const used = process.cpuUsage(began);
    usedUs = used.user + used.system;
  }
  return (frames / usedUs) * 1e6;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** Measures, and reports two rows: ours with the ratio asked for, and lora-packet. About 4 seconds. */
export async function bench(report: (row: BenchRow) => void): Promise<void> {
  const all = samples();
  for (const sample of all) {
    if (!sample.payload.equals(ours(sample)!) || !sample.payload.equals(theirs(sample)!)) {
      throw new Error("the decoders do not agree on a frame");
    }
  }
  const ourRates: number[] = [];
  const theirRates: number[] = [];
  round(ours, all);
  round(theirs, all);
  for (let index = 0; index < ROUNDS; index++) {
    ourRates.push(round(ours, all));
    theirRates.push(round(theirs, all));
  }
  const ratio = median(ourRates) / median(theirRates);
  const name = `parse + MIC + decrypt, ${PAYLOAD_BYTES} bytes`;
  report({
    bench: "decode",
    case: name,
    value: Math.round(median(ourRates)),
    unit: "frames/cpu-s",
    rival: "lora-packet 0.9.3",
    ratio: Math.round(ratio * 10) / 10,
    target: TARGET,
    met: ratio >= TARGET,
  });
  report({
    bench: "decode",
    case: `${name} (lora-packet)`,
    value: Math.round(median(theirRates)),
    unit: "frames/cpu-s",
  });
}
