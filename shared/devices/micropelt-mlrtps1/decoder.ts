/**
 * Micropelt MLR-TPS1: a room thermostat that lives on harvested energy. Four bytes on port 1.
 *
 * Error bits: 0 temperature sensor, 1 motion sensor, 2 weak signal, 3 radio error, 4 energy low.
 *
 * @see Micropelt MLR-TPS1 payload description
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const PORT = 1;
/** A frost protection is no difference from a set point. */
const FROST = 0xff;

export const mlrTps1: Decoder = {
  model: "micropelt/mlrtps1",
  version: 1,
  title: "Micropelt MLR-TPS1",
  kind: "temperature",
  registers: ["temperature", "occupied", "error_flags", "battery_voltage", "set_point"],
  decode(payload, { fPort }) {
    const reader = new ByteReader(payload);
    if (fPort !== null && fPort !== PORT) reader.fail(`came on port ${fPort}, not ${PORT}`);
    const quarters = reader.u8();
    const flags = reader.u8();
    const fiftieths = reader.u8();
    const turned = reader.u8();
    reader.end();
    if (flags & 0xc0 || (turned !== FROST && turned > 5 && (turned < 12 || turned > 15)))
      reader.fail("has bits that mean nothing");
    const values = [
      exact("temperature", quarters * 25, -2, "C"),
      exact("occupied", (flags >> 5) & 1, 0, "none"),
      exact("error_flags", flags & 0x1f, 0, "none"),
      exact("battery_voltage", fiftieths * 2, -2, "V"),
    ];
    // 1–5 warmer, 12–15 = −4 to −1.
    if (turned !== FROST)
      values.push(exact("set_point", turned > 5 ? turned - 16 : turned, 0, "K"));
    return [{ values }];
  },
};
