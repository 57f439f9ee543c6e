/**
 * Bench `formats`: messages a second of processor time through each format: the bytes read, the format
 * found by shape, parsed; where it brings an uplink, its payload decoded and mapped to readings.
 *
 * The messages are the examples that stand beside the formats. Their payloads come from many makers, some
 * of none we know: so one payload of a built-in model is decoded for every uplink, the same for all formats.
 */
import { findDecoder } from "#shared/devices/list.ts";
import { formats, recognise } from "#shared/formats/list.ts";
import { readMessage } from "#shared/formats/message.ts";
import { exampleBytes, formatExamples } from "#shared/testing/format-examples.ts";
import type { Report } from "./report.ts";

const ROUNDS = 7;
const ROUND_US = 60_000;
const MODEL = "milesight/em300-th";
const PAYLOAD = Uint8Array.from(Buffer.from("01755c03673401046865", "hex"));
const heardAt = Date.UTC(2026, 10, 23);

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** About 8 seconds. */
export function bench(report: Report): void {
  const decoder = findDecoder(MODEL);
  if (decoder === undefined) throw new Error(`there is no ${MODEL}`);

  for (const { name } of formats) {
    const messages = formatExamples
      .filter(({ format }) => format === name)
      .map((example) => ({ topic: example.topic, bytes: exampleBytes(example) }));
    if (messages.length === 0) throw new Error(`there is no example of ${name}`);
    let readings = 0;
    const pass = (): void => {
      for (const { topic, bytes } of messages) {
        const message = readMessage(topic, bytes);
        const format = recognise(message);
        if (format?.name !== name) throw new Error(`an example of ${name} is not recognised`);
        const { uplinks, measured } = format.parse(message, { heardAt });
        for (const { fPort } of uplinks)
          readings += decoder.decode(PAYLOAD, { fPort: fPort ?? 85, heardAt }).length;
        readings += measured.length;
      }
    };
    const rates: number[] = [];
    for (let i = 0; i <= ROUNDS; i++) {
      const began = process.cpuUsage();
      let count = 0;
      let usedUs = 0;
      while (usedUs < ROUND_US) {
        for (let k = 0; k < 10; k++) pass();
        count += messages.length * 10;
        const { user, system } = process.cpuUsage(began);
        usedUs = user + system;
      }
      if (i > 0) rates.push((count / usedUs) * 1e6); // The first one compiles.
    }
    const bytes = messages.reduce((sum, each) => sum + each.bytes.length, 0) / messages.length;
    const what = readings > 0 ? "parse + decode + map" : "parse";
    report({
      bench: "formats",
      case: `${name}: ${what}, ${Math.round(bytes)} B a message`,
      value: Math.round(median(rates)),
      unit: "messages/cpu-s",
    });
  }
}
