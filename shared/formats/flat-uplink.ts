/**
 * `flat-uplink`: an uplink put together from single fields, as most network servers' messages
 * name them one way or another.
 */
import { Fault } from "#shared/model/fault.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import { fromBase64 } from "./base64.ts";
import { readDevAddr, readDeviceId } from "./eui.ts";
import { result, type FormatContext, type FormatResult } from "./format.ts";
import { looseNumber, readFrameCounter, readPort } from "./numbers.ts";
import { bestRadio, type Hearing } from "./radio.ts";

/** A server's words for one uplink; `names` are its own names of the fields, for refusals. */
export interface FlatUplink {
  readonly via: string;
  readonly devEui: unknown;
  readonly devAddr?: unknown;
  readonly fCnt: unknown;
  readonly fPort: unknown;
  /** The payload as hexadecimal or base64 text; absent means empty. */
  readonly data: unknown;
  readonly encoding: "hex" | "base64";
  /** Epoch ms, or undefined when the server gives none. */
  readonly time: number | undefined;
  readonly hearings: readonly Hearing[];
  readonly sf?: unknown;
  readonly frequencyHz?: unknown;
}

/**
 * Bytes written in hexadecimal.
 *
 * @throws Fault "invalid" naming `field`
 */
export function fromHex(text: unknown, field: string): Uint8Array {
  if (typeof text !== "string" || !/^(?:[0-9a-f]{2})*$/i.test(text))
    throw new Fault("invalid", `${field} is not hexadecimal.`, { field });
  return Uint8Array.from(Buffer.from(text, "hex"));
}

/** `SF9`, `SF9BW125`, `SF9 BW125 4/5` or 9 as a spreading factor; undefined for anything else. */
export function spreadingOf(text: unknown): unknown {
  const found = typeof text === "string" ? /^SF(\d{1,2})/.exec(text)?.[1] : undefined;
  return found === undefined ? text : Number(found);
}

/**
 * @throws Fault "invalid" when the device, counter, port or payload cannot be read
 */
export function flatUplink(words: FlatUplink, context: FormatContext): FormatResult {
  const { via, data, encoding, time } = words;
  const deviceId: DeviceId = readDeviceId(words.devEui, "device EUI");
  const isEmpty = data === undefined || data === null || data === "";
  return result({
    uplinks: [
      {
        deviceId,
        session: readDevAddr(words.devAddr),
        fCnt: readFrameCounter(words.fCnt, "frame counter"),
        fPort: readPort(words.fPort, "port"),
        payload: isEmpty
          ? new Uint8Array()
          : encoding === "hex"
            ? fromHex(data, "payload")
            : fromBase64(data, "payload"),
        time: time ?? context.heardAt,
        timeSource: time === undefined ? "gateway" : "server",
        radio: bestRadio(words.hearings, {
          sf: spreadingOf(words.sf),
          frequencyHz: words.frequencyHz,
        }),
        via,
      },
    ],
  });
}

/** Epoch ms out of a number of ms, or its digits as text, where it is one of this century. */
export function epochMs(value: unknown): number | undefined {
  const number = looseNumber(value);
  return number !== undefined && number > 9.4e11 && number < 4.1e12
    ? Math.floor(number)
    : undefined;
}
