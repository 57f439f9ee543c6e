/**
 * Elvaco CMi4110, CMi4111, CMi4130, CMi4140 and CMi4160: LoRaWAN modules inside Landis+Gyr,
 * Diehl, Kamstrup and Itron heat meters. One byte names the message, EN 13757-3 records follow; port 2.
 *
 * The meter's own clock travels in some messages, but nothing sets it: it is not taken as the
 * time of the reading. Values set aside at midnight or month's end carry no sure date and are
 * left out.
 *
 * @see Elvaco CMi4110 User's Manual, "Message formats"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { ByteReader } from "../byte-reader.ts";
import { readRecords } from "../mbus/records.ts";
import { currentValues, heatMedium } from "../mbus/registers.ts";

const PORT = 2;
/** Messages that are text, not records. */
const isText = (byte: number | undefined) => byte === 0x7b;

const heatModule = (name: string, title: string): Decoder => ({
  model: `elvaco/${name}`,
  version: 1,
  title,
  kind: "heat",
  registers: [
    "6-0:1.0.0",
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
  decode(payload, { fPort }) {
    const reader = new ByteReader(payload);
    if (fPort !== null && fPort !== PORT)
      reader.fail(`came on port ${fPort}, the meter sends on port ${PORT}`);
    const type = reader.u8();
    if (isText(type) || isText(reader.peek()))
      reader.fail("is a message in text, which is not understood");
    const values = currentValues(readRecords(reader).records, heatMedium);
    // Every message has both, the flags at its end: without them it was cut short between records.
    for (const register of ["6-0:1.0.0", "error_flags"])
      if (!values.some((value) => value.register === register)) reader.fail(`has no ${register}`);
    return [{ values }];
  },
});

export const cmi4110 = heatModule("cmi4110", "Elvaco CMi4110 (Landis+Gyr UH50, UC50, T550)");
export const cmi4111 = heatModule("cmi4111", "Elvaco CMi4111 (Landis+Gyr T550)");
export const cmi4130 = heatModule("cmi4130", "Elvaco CMi4130 (Diehl Sharky)");
export const cmi4140 = heatModule("cmi4140", "Elvaco CMi4140 (Kamstrup MULTICAL)");
export const cmi4160 = heatModule("cmi4160", "Elvaco CMi4160 (Itron CF Echo II, CF 51)");
