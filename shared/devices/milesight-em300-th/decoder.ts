/**
 * Milesight EM300 series: temperature and humidity, with the leak and door inputs of its
 * sister models, which share one payload.
 *
 * @see Milesight EM300 Series User Guide, "Sensor Data"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { all, channels, earlier, number } from "../channels.ts";
import { halfPercents, milesightBasics, milesightBattery } from "../milesight-channels.ts";

const temperature = number("i16le", "temperature", -1, "C", [-1, -3]);

export const em300Th: Decoder = {
  model: "milesight/em300-th",
  version: 1,
  title: "Milesight EM300-TH",
  kind: "temperature",
  registers: ["temperature", "humidity", "battery", "leak", "open", "temperature_alarm"],
  decode: channels({
    ...milesightBasics,
    ...milesightBattery,
    0x0367: temperature,
    0x0468: halfPercents,
    0x0500: number("u8", "leak", 0, "none"),
    0x0600: number("u8", "open", 0, "none"),
    0x8367: all(temperature, number("u8", "temperature_alarm", 0, "none")),
    0x20ce: earlier(temperature, halfPercents),
    0x21ce: earlier(temperature, halfPercents),
  }),
};
