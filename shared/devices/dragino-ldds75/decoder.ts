/**
 * Dragino LDDS75, DDS20-LB and DDS45-LB: distance by ultrasound, for the level of a tank or a sump. Port 2.
 *
 * @see Dragino LDDS75 user manual, "Uplink payload"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { Value } from "#shared/model/registers.ts";
import { byPort, millivolts, settings, status, type Message } from "../dragino-frame.ts";
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

const sensor = (name: string): Decoder => ({
  model: `dragino/${name}`,
  version: 1,
  title: `Dragino ${name.toUpperCase()}`,
  kind: "leak",
  registers: ["distance", "temperature_external", "alarm", "sensing", "battery_voltage"],
  decode: byPort(2, { 2: measurements, 4: settings, 5: status }),
});

export const draginoDistance: readonly Decoder[] = [
  sensor("ldds75"),
  sensor("dds20-lb"),
  sensor("dds45-lb"),
];
