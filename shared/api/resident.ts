/**
 * `resident`: what the resident's pages are told over HTTP, on the gateway and on the hub alike.
 *
 * No DevEUI, no database name, no other person. Times are ISO 8601 in UTC unless said otherwise.
 *
 * Routes, all under `/api/v1`, all but the first with the sign-in cookie:
 * - `POST /sign-in` `SignIn` → 200 `Me` and the cookie; 401 wrong code, 429 with `retry_after_ms`
 * - `POST /sign-out` → 204
 * - `GET /me` → `Me`
 * - `GET /me/homes/{unitId}/overview` → `Overview`
 * - `GET /me/homes/{unitId}/meters/{meterId}/consumption?from=2026-11-01&to=2026-12-01&by=day|hour|month`
 *   → `Consumption`; `from` and `to` are local dates of the building, `to` exclusive
 * - `GET /me/homes/{unitId}/live` → an event stream: `event: reading` with `Live` as data, at most
 *   one a second; `event: freshness` with `Freshness`
 */
import { z } from "zod";
import { meterKindIds } from "#shared/model/meter-kinds.ts";
import { markIds } from "#shared/model/marks.ts";
import { qualities } from "#shared/model/quality.ts";

export const SignIn = z.strictObject({ code: z.string().max(64) });
export type SignIn = z.infer<typeof SignIn>;

export const languages = ["en", "es", "de", "fr"] as const;
export type Language = (typeof languages)[number];

export const Me = z.object({
  first_name: z.string(),
  language: z.enum(languages),
  homes: z.array(
    z.object({
      unit_id: z.string(),
      name: z.string(),
      building: z.string().optional(),
      community: z.string(),
      /** IANA zone of the building today. */
      zone: z.string(),
      brand: z.object({ name: z.string(), colour: z.string().optional() }),
      /** Local dates, `to` exclusive; without `to` they live there now. */
      from: z.string(),
      to: z.string().optional(),
    }),
  ),
});
export type Me = z.infer<typeof Me>;

/** On a gateway: what a resident set for themselves. */
export const OwnSettings = z.object({
  language: z.enum(languages),
  /** Whether the community asks its residents about hours, and what this one said. */
  hours: z.object({ is_asked: z.boolean(), is_agreed: z.boolean() }),
  /** It holds here already, and the hub has not answered yet. */
  is_waiting: z.boolean(),
  /** The hub did not take the newest change: what holds is what was before. */
  is_refused: z.boolean(),
});
export type OwnSettings = z.infer<typeof OwnSettings>;

export const OwnSettingsChange = z.strictObject({
  language: z.enum(languages).optional(),
  hours: z.boolean().optional(),
});

/** A whole number of 10^scale units. */
export const Amount = z.object({ n: z.number().int(), scale: z.number().int(), unit: z.string() });
export type Amount = z.infer<typeof Amount>;

export const Period = z.object({
  from: z.string(),
  to: z.string(),
  /** For reading: a local date `2026-11-23`, hour `14:00` or month `2026-11`, in the building's zone. */
  label: z.string(),
  /** In the consumption's `scale` and `unit`; null when there is no number. */
  n: z.number().int().nullable(),
  quality: z.enum(qualities),
  /** What is out of the ordinary, see `model/marks.ts`. */
  marks: z.array(z.enum(markIds)),
});
export type Period = z.infer<typeof Period>;

export const Consumption = z.object({
  meter_id: z.string(),
  kind: z.enum(meterKindIds),
  scale: z.number().int(),
  unit: z.string(),
  zone: z.string(),
  periods: z.array(Period),
  /** Neighbouring periods without a number, and what passed in them in all: with these the periods add up to `total`. */
  gaps: z.array(z.object({ from: z.string(), to: z.string(), n: z.number().int() })),
  /** Index at the end minus index at the start of what is known; null when nothing is. */
  total: z.number().int().nullable(),
  /** True when a border of the total was computed between readings. */
  is_interpolated: z.boolean(),
  /** Share of periods that are over and have a number, 0–1. */
  completeness: z.number(),
  /** Reports that were due, and those that were heard. */
  expected: z.number().int(),
  heard: z.number().int(),
});
export type Consumption = z.infer<typeof Consumption>;

export const MeterCard = z.object({
  /** Names the installation, not the device. */
  meter_id: z.string(),
  kind: z.enum(meterKindIds),
  name: z.string(),
  /** The current index with the time it is from; null before the first reading or for a kind without index. */
  index: Amount.extend({ at: z.string() }).nullable(),
  /** The current value, for kinds without index (temperature). */
  gauge: Amount.extend({ at: z.string() }).nullable(),
  /** By hour, today in the building's zone; null for a kind without index. */
  today: Consumption.nullable(),
  /** By day, this month. */
  month: Consumption.nullable(),
  /** For gauges: today's values. */
  points: z.array(z.object({ at: z.string(), value: z.number() })),
});
export type MeterCard = z.infer<typeof MeterCard>;

export const Freshness = z.object({
  /** The newest reading of this home; null when there is none. */
  last_reading_at: z.string().nullable(),
  /** On the gateway: whether the hub is reached. On the hub itself always true. */
  is_hub_reached: z.boolean(),
  hub_away_since: z.string().nullable(),
  /** Kept here and not yet on the hub. */
  waiting: z.number().int(),
  /** False while nothing new can be kept here: the disk is full. */
  is_keeping: z.boolean(),
});
export type Freshness = z.infer<typeof Freshness>;

export const Overview = z.object({
  now: z.string(),
  /** The local date in the building. */
  today: z.string(),
  zone: z.string(),
  meters: z.array(MeterCard),
  freshness: Freshness,
});
export type Overview = z.infer<typeof Overview>;

export const Live = z.object({ meter_id: z.string(), at: z.string() });
export type Live = z.infer<typeof Live>;

export type { Quality } from "#shared/model/quality.ts";
