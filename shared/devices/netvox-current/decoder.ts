/**
 * Netvox R718N series: current transformers for one or three phases, some with a light sensor.
 *
 * The current sent is the transformer's; what flows in the conductor is that times the
 * multiplier, which for three phases travels partly in a message of its own. So both are reported
 * as they are sent.
 *
 * @see Netvox LoRaWAN Application Command
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import type { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";
import { netvox } from "../netvox-frame.ts";

const milliamps = (register: RegisterId, n: number): Value => exact(register, n, -3, "A");
const plain = (register: RegisterId, n: number): Value => exact(register, n, 0, "none");
const lux = (reader: ByteReader): Value => exact("illuminance", reader.u32be(), 0, "lux");

const three = (reader: ByteReader): Value[] => [
  milliamps("current_secondary", reader.u16be()),
  milliamps("current_secondary_2", reader.u16be()),
  milliamps("current_secondary_3", reader.u16be()),
];
const multipliers = (reader: ByteReader): Value[] => [
  plain("current_multiplier_2", reader.u8()),
  plain("current_multiplier_3", reader.u8()),
];

const onePhase: readonly RegisterId[] = [
  "battery_voltage",
  "current_secondary",
  "current_multiplier",
];
const threePhases: readonly RegisterId[] = [
  ...onePhase,
  "current_secondary_2",
  "current_secondary_3",
  "current_multiplier_2",
  "current_multiplier_3",
];
const one = (reader: ByteReader): Value[] => [
  milliamps("current_secondary", reader.u16be()),
  plain("current_multiplier", reader.u8()),
];
const withFirst = (reader: ByteReader): Value[] => [
  ...three(reader),
  plain("current_multiplier", reader.u8()),
];

/** All three multipliers in one byte and a half: two nibble tables the maker lists by number. */
const packed = [1, 5, 10, 100] as const;

export const r718n1: Decoder = netvox("r718n1", "Netvox R718N1", 0x49, onePhase, { 1: one });
export const r718nl1: Decoder = netvox(
  "r718nl1",
  "Netvox R718NL1",
  0x98,
  [...onePhase, "illuminance"],
  {
    1: (reader) => [...one(reader), lux(reader)],
  },
);
export const r718n3: Decoder = netvox("r718n3", "Netvox R718N3", 0x4a, [...threePhases, "alarm"], {
  1: withFirst,
  2: multipliers,
  3: (reader) => {
    const currents = three(reader);
    const bits = reader.u8();
    const at = (shift: number) => packed[(bits >> shift) & 3] ?? 1;
    return [
      ...currents,
      plain("current_multiplier", at(0)),
      plain("current_multiplier_2", at(2)),
      plain("current_multiplier_3", at(4)),
    ];
  },
  // Bits in pairs for each phase: too low, too high.
  4: (reader) => [plain("alarm", reader.u8())],
});
export const r718nl3: Decoder = netvox(
  "r718nl3",
  "Netvox R718NL3",
  0x99,
  [...threePhases, "illuminance"],
  {
    1: withFirst,
    2: (reader) => [...multipliers(reader), lux(reader)],
  },
);
/** Raw sums of three channels, four bytes each; battery only with the first. */
export const r718n360: Decoder = netvox(
  "r718n360",
  "Netvox R718N360",
  0xca,
  ["battery_voltage", "current_secondary", "current_secondary_2", "current_secondary_3"],
  {
    1: (reader) => [milliamps("current_secondary", reader.u32be())],
    2: (reader) => [
      milliamps("current_secondary_2", reader.u32be()),
      milliamps("current_secondary_3", reader.u32be()),
    ],
  },
  [1],
);
