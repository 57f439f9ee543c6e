/**
 * `radio`: how a frame was heard, out of the lists network servers send with it.
 */
import type { Radio } from "#shared/model/uplink.ts";
import { looseNumber } from "./numbers.ts";

/** One gateway's hearing, as read from a list; every part may be missing. */
export interface Hearing {
  readonly antenna?: unknown;
  readonly rssi?: unknown;
  readonly snr?: unknown;
}

const within = (value: unknown, min: number, max: number): number | undefined => {
  const number = looseNumber(value);
  return number !== undefined && number >= min && number <= max ? number : undefined;
};

/**
 * The strongest of `hearings`, with the frame's spreading factor and frequency (Hz). What is not
 * a sensible number is left out; null when nothing is left.
 */
export function bestRadio(
  hearings: readonly Hearing[],
  frame: { sf?: unknown; frequencyHz?: unknown },
): Radio | null {
  const heard = hearings.map(({ antenna, rssi, snr }) => ({
    antenna:
      typeof antenna === "string" && antenna.length > 0 && antenna.length <= 64
        ? antenna
        : undefined,
    rssi: within(rssi, -200, 50),
    snr: within(snr, -100, 100),
  }));
  const [best] = heard.toSorted(
    (a, b) => (b.rssi ?? -999) - (a.rssi ?? -999) || (b.snr ?? -999) - (a.snr ?? -999),
  );
  const sf = within(frame.sf, 5, 12);
  const frequencyHz = within(frame.frequencyHz, 1e6, 6e9);
  const radio: Radio = {
    ...(best?.antenna === undefined ? {} : { antenna: best.antenna }),
    ...(best?.rssi === undefined ? {} : { rssi: best.rssi }),
    ...(best?.snr === undefined ? {} : { snr: best.snr }),
    ...(sf === undefined || !Number.isInteger(sf) ? {} : { sf }),
    ...(frequencyHz === undefined ? {} : { frequencyHz: Math.round(frequencyHz) }),
  };
  return Object.keys(radio).length > 0 ? radio : null;
}
