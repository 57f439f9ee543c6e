/**
 * `router-config`: what a Basics Station is told when it connects: which channels to listen on.
 *
 * Numbers of the region's regulation only; the network server answers on the same.
 * @see LoRa Basics Station documentation, "The LNS Protocol", "router_config"; RP002-1.0.3, section 2.4
 */
import { DEFAULT_CHANNELS_HZ, EXTRA_CHANNELS_HZ } from "../network-server/eu868.ts";

/** Centre frequencies of a concentrator's two radios, Hz: each hears 400 kHz to both sides. */
const RADIOS_HZ = [867_500_000, 868_500_000] as const;
/** The 250 kHz channel that every concentrator can hear beside the eight. */
const WIDE = { frequencyHz: 868_300_000, bandwidth: 250_000, spread_factor: 7 };

/** Spreading factor, bandwidth (kHz) and whether it is for downlinks only, by data rate; the rest is not used. */
const DATA_RATES: readonly (readonly [number, number, 0])[] = [
  ...[12, 11, 10, 9, 8, 7].map((sf) => [sf, 125, 0] as const),
  [7, 250, 0],
  [0, 0, 0], // FSK
];
const RATES = 16;

const radioOf = (hz: number) => (hz < 868_000_000 ? 0 : 1);
const channelOf = (hz: number) => {
  const radio = radioOf(hz);
  return { enable: true, radio, if: hz - RADIOS_HZ[radio] };
};

/** The data rate of a spreading factor, on 250 kHz or 125. */
export const dataRateOf = (sf: number, bandwidthHz = 125_000): number =>
  bandwidthHz === 250_000 ? 6 : 12 - sf;

/** The answer to a station's `version`, for Europe. */
export function routerConfig(): object {
  const { frequencyHz, bandwidth, spread_factor } = WIDE;
  const eight = [...DEFAULT_CHANNELS_HZ, ...EXTRA_CHANNELS_HZ];
  const unused = Array.from({ length: RATES - DATA_RATES.length }, () => [-1, 0, 0]);
  return {
    msgtype: "router_config",
    // No filter: what is not ours is counted here, not there.
    NetID: null,
    JoinEui: null,
    region: "EU863",
    hwspec: "sx1301/1",
    freq_range: [863_000_000, 870_000_000],
    DRs: [...DATA_RATES, ...unused],
    sx1301_conf: [
      {
        radio_0: { enable: true, freq: RADIOS_HZ[0] },
        radio_1: { enable: true, freq: RADIOS_HZ[1] },
        chan_FSK: { enable: false },
        chan_Lora_std: { ...channelOf(frequencyHz), bandwidth, spread_factor },
        ...Object.fromEntries(eight.map((hz, i) => [`chan_multiSF_${i}`, channelOf(hz)])),
      },
    ],
    upchannels: eight.map((hz) => [hz, 0, 5]),
  };
}
