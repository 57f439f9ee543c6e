/**
 * `mac-answers`: what the network answers to a device's MAC commands. LoRaWAN 1.0.4 section 5.
 *
 * Answers questions; what the network asks by itself comes from outside. Commands that are not known end the reading, as the specification asks: their length cannot be known.
 */
import { buildMacCommands, parseMacCommands, type MacCommand } from "lorawan-packet-decoder";
import { toGpsMs } from "../gps-time.ts";

/** What the answers are made from. */
export interface MacContext {
  /** Signal above the demodulation floor, dB; undefined when the antenna did not say. */
  readonly marginDb: number | undefined;
  /** How many antennas heard the uplink. */
  readonly antennas: number;
  /** When the uplink ended, epoch ms, or undefined while this machine does not know the time: no answer is better than a wrong one. */
  readonly time: number | undefined;
  /** What the network asks of the device by itself; it goes first. */
  readonly request?: MacCommand | undefined;
}

/** Bytes that fit beside a frame without payload. */
const FOPTS_MAX = 15;

/** The answers' bytes, at most 15, and in the order asked; empty when there is nothing to say. */
export function macAnswers(commands: Uint8Array, context: MacContext): Uint8Array {
  const answers: MacCommand[] = context.request ? [context.request] : [];
  for (const { name } of parseMacCommands(commands, "up", "1.0").commands) {
    if (name === "LinkCheckReq" && context.marginDb !== undefined) {
      const marginDb = Math.max(0, Math.min(254, Math.floor(context.marginDb)));
      answers.push({
        name: "LinkCheckAns",
        marginDb,
        gatewayCount: Math.min(255, context.antennas),
      });
    } else if (name === "DeviceTimeReq" && context.time !== undefined) {
      const gpsMs = toGpsMs(context.time);
      const gpsSeconds = Math.floor(gpsMs / 1000);
      answers.push({
        name: "DeviceTimeAns",
        gpsSeconds,
        fraction256: Math.floor(((gpsMs % 1000) * 256) / 1000),
      });
    }
  }
  let bytes = buildMacCommands(answers, "down", "1.0");
  while (bytes.length > FOPTS_MAX) {
    answers.pop();
    bytes = buildMacCommands(answers, "down", "1.0");
  }
  return bytes;
}
