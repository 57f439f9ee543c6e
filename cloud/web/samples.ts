/** `samples`: uplinks to try a decoder on, as text: a line each, the port and the bytes. */
export interface DecoderSample {
  /** Null where no port was told. */
  readonly fPort: number | null;
  readonly hex: string;
  readonly expected?: unknown;
}

const LINE = /^(\d{1,3}|-)\s+((?:[0-9a-f]{2}[\s:]?)+)$/i;

/**
 * Null when a line is no sample. What is expected of a sample is kept from `before`, as the text
 * does not carry it.
 */
export function readSamples(
  text: string,
  before: readonly DecoderSample[],
): DecoderSample[] | null {
  const samples: DecoderSample[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const [, port, bytes] = LINE.exec(line.trim()) ?? [];
    const fPort = port === "-" ? null : Number(port);
    if (bytes === undefined || (fPort !== null && (fPort < 1 || fPort > 255))) return null;
    const hex = bytes.replaceAll(/[\s:]/g, "").toLowerCase();
    samples.push(before.find((one) => one.fPort === fPort && one.hex === hex) ?? { fPort, hex });
  }
  return samples;
}

export function writeSamples(samples: readonly DecoderSample[]): string {
  return samples.map(({ fPort, hex }) => `${fPort ?? "-"} ${hex}\n`).join("");
}
