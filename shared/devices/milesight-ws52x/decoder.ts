/**
 * Milesight WS52x: a switched socket that counts energy in whole Wh.
 *
 * @see Milesight WS52x User Guide, "Sensor Data"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { all, nothing, number, type Channel, type ChannelTable } from "../channels.ts";
import { exact } from "../exact.ts";
import { alarmedTenths, tenths } from "../milesight-channels.ts";
import { milesight } from "../milesight-decoder.ts";

/** Bit 0 is the relay; higher bits say what the device can do. */
const relay: Channel = (reader, said) => {
  said.now.set("on", exact("on", reader.u8() & 1, 0, "none"));
};

const socket = (name: string, more: ChannelTable = {}): Decoder =>
  milesight(
    name,
    {
      0x0374: number("u16le", "1-0:12.7.0", -1, "V"),
      0x0480: number("u32le", "1-0:1.7.0", 0, "W"),
      0x0581: number("u8", "1-0:13.7.0", -2, "none", [0xff]),
      0x0683: number("u32le", "1-0:1.8.0", 0, "Wh"),
      0x07c9: number("u16le", "1-0:11.7.0", -3, "A"),
      0x0870: relay,
      0xff3f: nothing(1), // power cut
      ...more,
    },
    [
      ...(["1-0:1.8.0", "1-0:1.7.0", "1-0:12.7.0", "1-0:11.7.0", "1-0:13.7.0", "on"] as const),
      ...(["temperature", "temperature_alarm"] as const),
    ],
    "electricity",
  );

/** A light switch of eight circuits: which are on, as bits, after a byte that says which changed. */
const circuits: Channel = (reader, said) => {
  reader.skip(1);
  said.now.set("on", exact("on", reader.u8(), 0, "none"));
};
const warm: ChannelTable = {
  0x0967: tenths,
  0x8967: alarmedTenths,
  0x9967: all(tenths, nothing(2)),
};

export const sockets: readonly Decoder[] = [
  ...["ws52x", "ws523", "ws525"].map((name) => socket(name)),
  ...["ws513", "ws515"].map((name) => socket(name, warm)),
  socket("ws558", { 0x0831: circuits }),
];
