/**
 * Sontex Supercal 739, Superstatic 749 and 789: heat meters that send EN 13757-3 records and nothing before
 * them; the port only tells their length. Values of set days carry dates that nothing sets, and the
 * meter's own clock is set by nobody: neither is taken.
 *
 * @see Sontex, M-Bus Frames 7x9, LoRaWAN (2019)
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { ByteReader } from "../byte-reader.ts";
import { readRecords } from "../mbus/records.ts";
import { currentValues, heatMedium } from "../mbus/registers.ts";

const ENERGY = "6-0:1.0.0";

const meter = (name: string, title: string): Decoder => ({
  model: `sontex/${name}`,
  version: 1,
  title: `Sontex ${title}`,
  kind: "heat",
  registers: [
    ENERGY,
    "6-0:1.0.1",
    "6-0:1.0.2",
    "6-0:1.0.3",
    "6-0:2.0.0",
    "6-0:8.0.0",
    "6-0:9.0.0",
    "6-0:10.0.0",
    "6-0:11.0.0",
    "6-0:12.0.0",
    "serial",
    "error_flags",
  ],
  decode(payload) {
    const reader = new ByteReader(payload);
    const values = currentValues(readRecords(reader).records, heatMedium);
    // Without it these are some other bytes.
    if (!values.some(({ register }) => register === ENERGY)) reader.fail("has no energy");
    return [{ values }];
  },
});

export const sontex: readonly Decoder[] = [
  meter("supercal-739", "Supercal 739"),
  meter("superstatic-749", "Superstatic 749"),
  meter("superstatic-789", "Superstatic 789"),
];
