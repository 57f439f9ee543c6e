/**
 * Tektelic Smart AC outlet and AURA switch: a switched socket that measures.
 *
 * @see Tektelic Smart AC Switch Technical Reference Manual, "Uplink frame formats", port 10
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { all, channels, nothing, number, type ChannelTable } from "../channels.ts";

const table: ChannelTable = {
  0x0000: nothing(1), // state of the energy counter
  0x0001: number("u8", "on", 0, "none"),
  0x0074: number("u16be", "1-0:12.7.0", -1, "V"),
  0x0075: number("u16be", "1-0:11.7.0", -1, "A"),
  0x0076: number("u16be", "1-0:14.7.0", -1, "Hz"),
  0x0080: number("i16be", "1-0:1.7.0", -1, "W"),
  0x0180: number("u16be", "1-0:9.7.0", -1, "VA"),
  0x0280: number("u16be", "1-0:3.7.0", -1, "var"),
  0x0081: number("i8", "1-0:13.7.0", -2, "none"),
  // Time since the counter was last set to zero, and energy since then.
  0x00fe: all(number("u32be", "operating_time", 0, "s"), number("i32be", "1-0:1.8.0", 0, "Wh")),
};
const PORT = 10;

const outlet = (name: string, title: string): Decoder => {
  const decode = channels(table);
  return {
    model: `tektelic/${name}`,
    version: 1,
    title,
    kind: "electricity",
    registers: [
      "on",
      "1-0:1.8.0",
      "1-0:1.7.0",
      "1-0:3.7.0",
      "1-0:9.7.0",
      "1-0:11.7.0",
      "1-0:12.7.0",
      "1-0:13.7.0",
      "1-0:14.7.0",
      "operating_time",
    ],
    // Other ports answer settings.
    decode: (payload, context) =>
      context.fPort === PORT || context.fPort === null ? decode(payload, context) : [],
  };
};

export const auraSwitch = outlet("aura", "Tektelic AURA Smart AC Switch");
export const acOutletGen1 = outlet("ac-outlet-gen1", "Tektelic Smart AC Outlet");
