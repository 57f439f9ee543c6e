/**
 * `eu868`: what the radio regulation and LoRaWAN's regional parameters say for Europe.
 *
 * Numbers only; when something is sent, `downlink` decides.
 * @see LoRaWAN Regional Parameters RP002-1.0.3, section 2.4
 */
import { buildCfList } from "lorawan-packet-decoder";

/** Every device knows these, Hz. */
export const DEFAULT_CHANNELS_HZ: readonly number[] = [868_100_000, 868_300_000, 868_500_000];

/** Those the join accept adds, Hz. */
export const EXTRA_CHANNELS_HZ: readonly number[] = [
  867_100_000, 867_300_000, 867_500_000, 867_700_000, 867_900_000,
];

/** The extra channels as the join accept carries them, 16 bytes. */
export const CF_LIST: Uint8Array = buildCfList({ type: 0, frequenciesHz: [...EXTRA_CHANNELS_HZ] });

/** Second receive window: data rate index, frequency, modulation. */
export const RX2 = { dataRate: 0, frequencyHz: 869_525_000, sf: 12, bandwidthHz: 125_000 } as const;

/** Radiated power of downlinks, dBm: what all of the channels above allow. */
export const DOWNLINK_POWER_DBM = 14;

/** From the end of a join request to its first answer window, s. */
export const JOIN_ACCEPT_DELAY_S = 5;

/** From the end of an uplink to its first answer window, s: time to make it durable before it is acknowledged. */
export const RX_DELAY_S = 5;

/** The lowest signal-to-noise ratio, dB, at which a concentrator demodulates each spreading factor. */
const FLOOR_SNR_DB: Readonly<Record<number, number>> = {
  6: -5,
  7: -7.5,
  8: -10,
  9: -12.5,
  10: -15,
  11: -17.5,
  12: -20,
};

/** How far above its spreading factor's floor a frame arrived, dB. Undefined when the antenna did not say. */
export function linkMarginDb(snr: number | undefined, sf: number | undefined): number | undefined {
  const floor = sf === undefined ? undefined : FLOOR_SNR_DB[sf];
  return snr === undefined || floor === undefined ? undefined : snr - floor;
}

/** ADR: the fastest data rate on 125 kHz, SF7. */
export const FASTEST_DATA_RATE = 5;

/** ADR: the highest power index, 14 dB below the device's full power. */
export const SOFTEST_TX_POWER = 7;

/** ADR: what is kept above the demodulation floor for bad days, dB. */
export const ADR_MARGIN_DB = 10;

/** The default channels as a channel mask, the lowest in bit 0. */
export const DEFAULT_CHANNELS_MASK = 2 ** DEFAULT_CHANNELS_HZ.length - 1;

/** The default channels and those the join accept adds. */
export const ALL_CHANNELS_MASK = 2 ** (DEFAULT_CHANNELS_HZ.length + EXTRA_CHANNELS_HZ.length) - 1;
