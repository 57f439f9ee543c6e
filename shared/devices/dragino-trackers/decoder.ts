/**
 * Dragino LBT1 (Bluetooth beacons) and LGT92 (satellites): of what they say, battery, alarm, inclination and steps.
 *
 * Where something or somebody is, is no business of a building's: places and beacons are read past.
 *
 * @see Dragino LBT1 and LGT-92 user manuals, "Uplink payload"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { byPort, type Message } from "../dragino-frame.ts";
import { exact } from "../exact.ts";

/** Bytes of the beacon's text behind the mode. */
const BEACON_BYTES: Readonly<Record<number, number>> = { 1: 5, 2: 44, 3: 26 };

const beacon: Message = (reader) => {
  const battery = exact("battery_voltage", reader.u16be(), -3, "V");
  const word = reader.u24be();
  const mode = reader.u8();
  reader.skip(BEACON_BYTES[mode] ?? reader.fail(`has an unknown mode ${mode}`));
  return [
    battery,
    exact("alarm", word >> 20, 0, "none"),
    exact("activity", word & 0xfffff, 0, "none"),
  ];
};

/** Below this there are no angles; older firmware ends there. */
const ANGLES = 4;

const satellites: Message = (reader) => {
  reader.skip(8);
  const word = reader.u16be();
  reader.skip(1);
  const values = [
    exact("battery_voltage", word & 0x3fff, -3, "V"),
    exact("alarm", (word >> 14) & 1, 0, "none"),
  ];
  if (reader.left >= ANGLES)
    values.push(
      exact("angle_x", reader.i16be(), -2, "deg"),
      exact("angle_y", reader.i16be(), -2, "deg"),
    );
  return values;
};

export const draginoTrackers: readonly Decoder[] = [
  {
    model: "dragino/lbt1",
    version: 1,
    title: "Dragino LBT1",
    kind: "temperature",
    registers: ["battery_voltage", "alarm", "activity"],
    decode: byPort(2, { 2: beacon }),
  },
  {
    model: "dragino/lgt92",
    version: 1,
    title: "Dragino LGT-92",
    kind: "temperature",
    registers: ["battery_voltage", "alarm", "angle_x", "angle_y"],
    decode: byPort(2, { 2: satellites }),
  },
];
