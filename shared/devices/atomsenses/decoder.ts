/**
 * AtomSenses AS and ES indoor air sensors: channels of two bytes, numbers lowest byte first. The
 * same channel is another gas from model to model, so each has a table of its own.
 *
 * @see the uplink decoders that AtomSenses publishes; they name no unit of gases: ppm, ppb of TVOC and mg/m³ of formaldehyde are taken, confirmed by no document
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { RegisterId } from "#shared/model/registers.ts";
import { all, channels, nothing, number, type ChannelTable } from "../channels.ts";
import { exact } from "../exact.ts";

const base: ChannelTable = {
  0x0175: number("u8", "battery", 0, "%"),
  0x0367: number("i16le", "temperature", -1, "C"),
  // Halves of a percent.
  0x0468: (reader, said) => {
    said.now.set("humidity", exact("humidity", reader.u8() * 5, -1, "%"));
  },
};
const carbonDioxide: ChannelTable = { 0x077d: number("u16le", "co2", 0, "ppm") };
const odour: ChannelTable = {
  0x087d: number("u16le", "ammonia", -2, "ppm"),
  0x097d: number("u16le", "hydrogen_sulfide", -2, "ppm"),
};
const formaldehyde: ChannelTable = { 0x0a7d: number("u16le", "hcho", -2, "mg/m3") };

function sensor(
  name: string,
  title: string,
  registers: readonly RegisterId[],
  table: ChannelTable,
): Decoder {
  return {
    model: `atomsenses/${name}`,
    version: 1,
    title: `AtomSenses ${title}`,
    kind: "temperature",
    registers: ["battery", "temperature", "humidity", ...registers],
    decode: channels({ ...base, ...table }),
  };
}

export const atomsenses: readonly Decoder[] = [
  sensor(
    "as-201",
    "AS201 Ambience",
    [
      ...(["activity", "illuminance", "light_visible_infrared", "light_infrared"] as const),
      ...(["co2", "tvoc", "pressure"] as const),
    ],
    {
      ...carbonDioxide,
      0x056a: number("u16le", "activity", 0, "none"),
      0x0665: all(
        number("u16le", "illuminance", 0, "lux"),
        number("u16le", "light_visible_infrared", 0, "none"),
        number("u16le", "light_infrared", 0, "none"),
      ),
      0x087d: number("u16le", "tvoc", 0, "ppb"),
      0x0973: number("u16le", "pressure", -1, "hPa"),
    },
  ),
  sensor("as-202", "AS202 Car Park Air", ["nitrogen_dioxide", "carbon_monoxide"], {
    0x0670: number("u8", "nitrogen_dioxide", 0, "ppm"),
    // Sent, but not named by the maker's decoder: too little to be CO₂.
    0x077d: nothing(2),
    0x0973: number("u16le", "carbon_monoxide", 0, "ppm"),
  }),
  sensor("as-203", "AS203 Indoor Air", ["co2", "tvoc", "hcho"], {
    ...carbonDioxide,
    ...formaldehyde,
    0x087d: number("u16le", "tvoc", 0, "ppb"),
  }),
  sensor("as-204", "AS204 Odour", ["co2", "ammonia", "hydrogen_sulfide"], {
    ...carbonDioxide,
    ...odour,
  }),
  sensor(
    "es-108",
    "ES108 Air, 11 in 1",
    [
      ...(["nitrogen_dioxide", "tvoc", "co2", "ammonia", "hydrogen_sulfide"] as const),
      ...(["hcho", "pm2_5", "pm10", "ozone"] as const),
    ],
    {
      ...carbonDioxide,
      ...odour,
      ...formaldehyde,
      0x0570: number("u8", "nitrogen_dioxide", 0, "ppm"),
      0x067d: number("u16le", "tvoc", 0, "ppb"),
      0x0b7d: number("u16le", "pm2_5", 0, "ug/m3"),
      0x0c7d: number("u16le", "pm10", 0, "ug/m3"),
      0x0d7d: number("u16le", "ozone", -2, "ppm"),
    },
  ),
];
