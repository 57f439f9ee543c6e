/**
 * ZENNER water meters (EDC, IUWS, NDC): packets SP0 to SP15, whose number is the upper half of the first
 * byte, the form of the values the lower. Values are litres, lowest byte first.
 *
 * What stood at a month's end is told without a date that is described, and is left out; packed decimals
 * are refused: nobody shows in which order they stand. Of two channels the first is the meter.
 *
 * @see ZENNER International's documentation as ZENNER IoT reads it, element-parsers, "ZENNER Water Meter"
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const WHOLE: readonly number[] = [1, 2];
const DAY = 1;
const MONTH = 2;
const TWO_CHANNELS = 5;
const TWO_CHANNELS_MONTH = 6;
const STATUS = 9;
const HOURS = 12;

function decode(payload: Uint8Array): DecodedReading[] {
  const reader = new ByteReader(payload);
  const head = reader.u8();
  const packet = head >> 4;
  const litres = (): DecodedReading[] => {
    if (!WHOLE.includes(head & 0xf)) reader.fail(`has values in the form ${head & 0xf}`);
    return [{ values: [exact("8-0:1.0.0", reader.u32le(), 0, "L")] }];
  };
  const read = (): DecodedReading[] => {
    switch (packet) {
      case DAY:
        return litres();
      case MONTH:
        reader.skip(6);
        return [];
      case TWO_CHANNELS: {
        const first = litres();
        reader.skip(6); // the second channel, states
        return first;
      }
      case TWO_CHANNELS_MONTH:
        reader.skip(10);
        return [];
      case STATUS:
        reader.skip(reader.left);
        return [];
      case HOURS: {
        const channel = reader.u8();
        reader.skip(9); // the first hour, and the first two of three values
        const newest = litres();
        reader.skip(2);
        return channel === 0 ? newest : [];
      }
      default:
        return reader.fail(`is an unknown packet SP${packet}`);
    }
  };
  const readings = read();
  reader.end();
  return readings;
}

export const zennerWater: Decoder = {
  model: "zenner/edc-iuws-ndc",
  version: 1,
  title: "ZENNER water meter (EDC, IUWS, NDC)",
  kind: "cold_water",
  registers: ["8-0:1.0.0"],
  decode,
};
