/**
 * ST NUCLEO-WL55JC with its end node firmware: pressure, temperature, humidity, supply voltage.
 *
 * @see ST AN5406, "How to build a LoRa application with STM32CubeWL", end node payload
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const PORT = 2;
/** Without and with the position that some firmware appends. */
const SIZES = [7, 15];
/** Steps are no round numbers: enough digits to tell them as others do. */
const DIGITS = 10;

export const nucleoWl55: Decoder = {
  model: "stmicroelectronics/nucleo-wl55jc",
  version: 2,
  title: "ST NUCLEO-WL55JC",
  kind: "temperature",
  registers: ["on", "pressure", "temperature", "humidity", "battery_voltage"],
  decode(payload, { fPort }) {
    const reader = new ByteReader(payload);
    if (fPort !== null && fPort !== PORT) reader.fail(`came on port ${fPort}, not ${PORT}`);
    if (!SIZES.includes(payload.length)) reader.fail(`has ${payload.length} bytes`);
    const led = exact("on", reader.u8() & 1, 0, "none");
    const pressure = exact("pressure", reader.u16be(), -1, "hPa");
    const temperature = exact("temperature", reader.i8(), 0, "C");
    const humidity = exact("humidity", reader.u16be(), -1, "%");
    // 254 steps from 1.8 to 3.0 V.
    const volts = Math.round((1.8 + (reader.u8() * 1.2) / 254) * 10 ** DIGITS);
    return [
      {
        values: [
          led,
          pressure,
          temperature,
          humidity,
          exact("battery_voltage", volts, -DIGITS, "V"),
        ],
      },
    ];
  },
};
