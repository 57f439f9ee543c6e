/**
 * Dragino LDDS75, DDS20-LB, DDS45-LB and DDS75-LB: distance by ultrasound, for the level of a tank or a sump.
 * Port 2 now, port 3 what was stored. The DDS75-LB comes with one probe or with three.
 *
 * @see Dragino LDDS75 user manual, "Uplink payload"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { byPort, millivolts, records, settings, status, type Message } from "../dragino-frame.ts";
import { exact } from "../exact.ts";

const measurements: Message = (reader) => {
  const values: Value[] = [
    millivolts(reader.u16be()),
    exact("distance", reader.u16be(), 0, "mm"),
    exact("alarm", reader.u8(), 0, "none"),
  ];
  values.push(
    exact("temperature_external", reader.i16be(), -1, "C"),
    exact("sensing", reader.u8(), 0, "none"),
  );
  reader.end();
  return values;
};

const THREE_PROBES_SIZE = 11;

const threeProbes: Message = (reader) => {
  const values: Value[] = [
    millivolts(reader.u16be()),
    exact("temperature_external", reader.i16be(), -1, "C"),
    exact("distance", reader.u16be(), 0, "mm"),
    exact("distance_2", reader.u16be(), 0, "mm"),
    exact("distance_3", reader.u16be(), 0, "mm"),
  ];
  const flags = reader.u8();
  values.push(
    exact("alarm", flags & 0x0f, 0, "none"),
    exact("sensing", (flags >> 4) & 1, 0, "none"),
  );
  return values;
};
const oneOrThree: Message = (reader, heardAt) =>
  (reader.left === THREE_PROBES_SIZE ? threeProbes : measurements)(reader, heardAt);

const sensor = (
  name: string,
  read: Message = measurements,
  more: readonly RegisterId[] = [],
): Decoder => ({
  model: `dragino/${name}`,
  version: 2,
  title: `Dragino ${name.toUpperCase()}`,
  kind: "leak",
  registers: ["distance", "temperature_external", "alarm", "sensing", "battery_voltage", ...more],
  decode: byPort(2, { 2: read, 3: stored, 4: settings, 5: status }),
});

/** Battery, distance, probe, flags, time: the battery of then is of no use. */
const stored: Message = records((reader) => {
  reader.skip(2);
  const values = [
    exact("distance", reader.u16be(), 0, "mm"),
    exact("temperature_external", reader.i16be(), -1, "C"),
  ];
  reader.skip(1);
  return values;
});

export const draginoDistance: readonly Decoder[] = [
  sensor("ldds75"),
  sensor("dds20-lb"),
  sensor("dds45-lb"),
  sensor("dds75-lb", oneOrThree, ["distance_2", "distance_3"]),
];
