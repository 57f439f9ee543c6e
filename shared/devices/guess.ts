/**
 * `guess`: what an unknown device probably is, for the person who decides about it.
 *
 * A guess is shown beside a sighting and never used to compute anything.
 */
import { asNumber, registers, type RegisterId, type Value } from "#shared/model/registers.ts";
import { isFault } from "#shared/model/fault.ts";
import { decoders } from "./list.ts";
import { signsOf } from "./signs.ts";

/** A decoder's model, and its values as text for people, such as `6-0:1.0.0 2616752 kWh`. */
export interface Guess {
  readonly model: string;
  readonly values: string[];
}

/** What a device in a building can measure, in the unit of the value. */
const plausible: Partial<Record<RegisterId, readonly [min: number, max: number]>> = {
  temperature: [-45, 90],
  ambient_temperature: [-45, 90],
  water_temperature: [-20, 110],
  water_temperature_min: [-20, 110],
  water_temperature_max: [-20, 110],
  humidity: [0, 100],
  battery: [0, 100],
  battery_voltage: [1.8, 5.5],
  co2: [300, 10_000],
  pressure: [500, 1200],
  pressure_difference: [-5000, 5000],
  temperature_external: [-60, 150],
  presence: [0, 100],
  brightness: [0, 100],
  tvoc: [0, 20_000],
  pm1: [0, 2000],
  pm2_5: [0, 2000],
  pm10: [0, 2000],
  on: [0, 255],
  open: [0, 1],
  leak: [0, 8],
  "6-0:10.0.0": [-20, 180],
  "6-0:11.0.0": [-20, 180],
  "1-0:1.8.0": [0, 5e8],
  "1-0:12.7.0": [80, 500],
  "1-0:14.7.0": [45, 65],
};

function isPlausible(value: Value): boolean {
  const [min, max] = plausible[value.register] ?? [-1e12, 1e12];
  const number = asNumber(value);
  return number >= min && number <= max;
}

const inWords = (value: Value) => {
  const number = value.scale < 0 ? asNumber(value).toFixed(-value.scale) : String(asNumber(value));
  return `${value.register} ${number}${value.unit === "none" ? "" : ` ${value.unit}`}`;
};

/**
 * The one model whose decoder reads `payload` to its end with plausible values, or undefined when
 * there is none. Of several the one with the strictest format wins, then the one with more values.
 */
export function guess(payload: Uint8Array, fPort: number | null): Guess | undefined {
  // Hundreds of refusals whose stacks nobody reads would be most of the work.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return bestOf(payload, fPort);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function bestOf(payload: Uint8Array, fPort: number | null): Guess | undefined {
  let best: { guess: Guess; rank: number } | undefined;
  for (const decoder of decoders) {
    const signs = signsOf(decoder.model);
    if (
      payload.length < signs.minBytes ||
      (fPort !== null && signs.ports !== null && !signs.ports.includes(fPort))
    )
      continue;
    try {
      const [now] = decoder.decode(payload, { fPort, heardAt: 0 });
      if (now === undefined || now.values.length === 0 || !now.values.every(isPlausible)) continue;
      const rank = signs.strictness * 100 + now.values.length;
      const measured = now.values.filter((value) => registers[value.register].kind !== "state");
      if (measured.length > 0 && (best === undefined || rank > best.rank))
        best = { guess: { model: decoder.model, values: now.values.map(inWords) }, rank };
    } catch (error) {
      if (!isFault(error)) throw error;
    }
  }
  return best?.guess;
}
