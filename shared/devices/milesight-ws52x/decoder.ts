/**
 * Milesight WS52x: a switched socket that counts energy in whole Wh.
 *
 * @see Milesight WS52x User Guide, "Sensor Data"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { channels, nothing, number, type Channel, type ChannelTable } from "../channels.ts";
import { exact } from "../exact.ts";
import { milesightBasics } from "../milesight-channels.ts";

/** Bit 0 is the relay; higher bits say what the device can do. */
const relay: Channel = (reader, said) => {
  said.now.set("on", exact("on", reader.u8() & 1, 0, "none"));
};

const socket = (name: string, title: string, more: ChannelTable = {}): Decoder => ({
  model: `milesight/${name}`,
  version: 1,
  title,
  kind: "electricity",
  registers: ["1-0:1.8.0", "1-0:1.7.0", "1-0:12.7.0", "1-0:11.7.0", "1-0:13.7.0", "on"],
  decode: channels({
    ...milesightBasics,
    0x0374: number("u16le", "1-0:12.7.0", -1, "V"),
    0x0480: number("u32le", "1-0:1.7.0", 0, "W"),
    0x0581: number("u8", "1-0:13.7.0", -2, "none", [0xff]),
    0x0683: number("u32le", "1-0:1.8.0", 0, "Wh"),
    0x07c9: number("u16le", "1-0:11.7.0", -3, "A"),
    0x0870: relay,
    0xff3f: nothing(1), // power cut
    0xff24: nothing(2), // over-current alarm and protection settings
    0xff30: nothing(2),
    ...more,
  }),
});

export const ws52x = socket("ws52x", "Milesight WS52x");
/** A light switch of eight circuits: which are on, as bits, after a byte that says which changed. */
const circuits: Channel = (reader, said) => {
  reader.skip(1);
  said.now.set("on", exact("on", reader.u8(), 0, "none"));
};
export const ws558 = socket("ws558", "Milesight WS558", { 0x0831: circuits });
export const ws515 = socket("ws515", "Milesight WS515");
