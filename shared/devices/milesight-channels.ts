/**
 * `milesight-channels`: the channels every Milesight device may send beside what it measures:
 * versions, serial number, class, restart, and its answers to a few settings.
 *
 * @see Milesight LoRaWAN user guides, "Basic Information"
 */
import { nothing, number, type Channel, type ChannelTable } from "./channels.ts";

export const milesightBasics: ChannelTable = {
  0xff01: nothing(1), // protocol version
  0xff08: nothing(6), // serial number, older devices
  0xff09: nothing(2), // hardware version
  0xff0a: nothing(2), // firmware version
  0xff0b: nothing(1), // switched on
  0xff0f: nothing(1), // LoRaWAN class
  0xff16: nothing(8), // serial number
  0xfffe: nothing(1), // restarted
  0xffff: nothing(2), // version of the thing description
  0xff03: nothing(2), // answer: report interval, s
  0xfe03: nothing(2),
  0xff10: nothing(1), // answer: restart
  0xfe10: nothing(1),
  0xff28: nothing(1), // answer: ask for status
  0xfe28: nothing(1),
  0xff8e: nothing(3), // answer: report interval, min
  0xfe8e: nothing(3),
};

/** Battery in percent, as all battery-driven devices send it. */
export const milesightBattery: ChannelTable = { 0x0175: number("u8", "battery", 0, "%", [0xff]) };

/** Relative humidity in halves of a percent, kept exact as tenths. */
export const halfPercents: Channel = (reader, said) => {
  const n = reader.u8();
  if (n !== 0xff)
    said.now.set("humidity", { register: "humidity", n: n * 5, scale: -1, unit: "%" });
};
