/** `airtime`: how long a LoRa frame is on air. Semtech AN1200.13, section 4; coding rate 4/5, preamble of 8 symbols. */

const PREAMBLE_SYMBOLS = 8 + 4.25;

/** Milliseconds for `bytes` of payload with an explicit header; downlinks carry no CRC. */
export function airtimeMs(
  bytes: number,
  { sf, bandwidthHz, hasCrc }: { sf: number; bandwidthHz: number; hasCrc: boolean },
): number {
  const symbolMs = (2 ** sf / bandwidthHz) * 1000;
  const isSlow = symbolMs > 16;
  const bits = 8 * bytes - 4 * sf + 28 + (hasCrc ? 16 : 0);
  const symbols = 8 + Math.max(0, Math.ceil(bits / (4 * (sf - (isSlow ? 2 : 0))))) * 5;
  return (PREAMBLE_SYMBOLS + symbols) * symbolMs;
}
