/**
 * `invented-use`: consumption and temperatures of a home that does not exist, the same each time,
 * in the shapes of the residents' API.
 *
 * Stands in for the store in tests of the pages. Must never be reached from a running program.
 */
import { Temporal } from "temporal-polyfill";
import type { Consumption, Period, Quality } from "#shared/api/resident.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";

export interface InventedMeter {
  readonly meterId: string;
  readonly kind: MeterKindId;
  readonly name: string;
  /** Use in one hour at full flow, in 10^scale units. */
  readonly hourly: number;
  readonly scale: number;
  readonly unit: string;
}

export interface InventedTime {
  readonly zone: string;
  /** ISO text: the moment at which all is looked at. */
  readonly now: string;
  /** Local dates of the resident's own time. */
  readonly from: string;
  readonly to?: string;
  /** Nothing was heard between these moments. */
  readonly gap?: readonly [string, string];
  /** Local dates whose borders had to be computed. */
  readonly interpolated: readonly string[];
}

/** Shape of a day, 0–1 per hour: quiet nights, a morning and an evening. */
const DAY = [
  0, 0, 0, 0, 0, 0.1, 0.7, 1, 0.6, 0.3, 0.2, 0.3, 0.5, 0.3, 0.1, 0.1, 0.2, 0.4, 0.8, 0.9, 0.6, 0.5,
  0.3, 0.1,
];

/** A number in 0–1 that looks random and is the same for the same hour and meter. */
function chance(hour: number, salt: number): number {
  const x = Math.sin(hour * 12.9898 + salt * 78.233) * 43758.5453;
  return x - Math.floor(x);
}

function hourUse(meter: InventedMeter, hour: Temporal.ZonedDateTime): number {
  const index = Math.floor(hour.epochMilliseconds / 3_600_000);
  const shape = DAY[hour.hour] ?? 0;
  const always = meter.kind === "electricity" || meter.kind === "heat" ? 0.25 : 0;
  return Math.round(meter.hourly * (always + shape * (0.4 + 0.9 * chance(index, meter.hourly))));
}

/** What the API answers for one meter and range. */
export function inventedConsumption(
  meter: InventedMeter,
  time: InventedTime,
  range: { from: string; to: string; by: "hour" | "day" | "month" },
): Consumption {
  const periods: Period[] = [];
  const end = Temporal.PlainDate.from(range.to).toZonedDateTime(time.zone);
  let at = Temporal.PlainDate.from(range.from).toZonedDateTime(time.zone);
  while (Temporal.ZonedDateTime.compare(at, end) < 0) {
    const next =
      range.by === "hour"
        ? at.add({ hours: 1 })
        : range.by === "day"
          ? at.add({ days: 1 })
          : at.add({ months: 1 });
    periods.push(period(meter, time, at, next, range.by));
    at = next;
  }
  const known = periods.filter(({ n }) => n !== null);
  const over = periods.filter(
    ({ quality }) => quality === "measured" || quality === "interpolated" || quality === "gap",
  );
  return {
    meter_id: meter.meterId,
    kind: meter.kind,
    scale: meter.scale,
    unit: meter.unit,
    zone: time.zone,
    periods,
    gaps: [],
    total: known.length === 0 ? null : known.reduce((sum, { n }) => sum + (n ?? 0), 0),
    is_interpolated: periods.some(({ quality }) => quality === "interpolated"),
    completeness: over.length === 0 ? 0 : over.filter(({ n }) => n !== null).length / over.length,
    expected: over.length,
    heard: over.filter(({ n }) => n !== null).length,
  };
}

function period(
  meter: InventedMeter,
  time: InventedTime,
  at: Temporal.ZonedDateTime,
  next: Temporal.ZonedDateTime,
  by: "hour" | "day" | "month",
): Period {
  const iso = (moment: Temporal.ZonedDateTime) => moment.toInstant().toString();
  const date = at.toPlainDate().toString();
  const label =
    by === "hour"
      ? at.toPlainTime().toString({ smallestUnit: "minute" })
      : by === "day"
        ? date
        : date.slice(0, 7);
  const [from, to] = [iso(at), iso(next)];
  const quality = qualityOf(time, from, to, date, by);
  if (quality === "future" || quality === "outside" || quality === "gap")
    return { from, to, label, n: null, quality, marks: [] };
  const nowMs = Date.parse(time.now);
  let n = 0;
  for (
    let hour = at;
    Temporal.ZonedDateTime.compare(hour, next) < 0 && hour.epochMilliseconds < nowMs;
    hour = hour.add({ hours: 1 })
  )
    if (hour.toPlainDate().toString() >= time.from) n += hourUse(meter, hour);
  return { from, to, label, n, quality, marks: [] };
}

function qualityOf(
  time: InventedTime,
  from: string,
  to: string,
  date: string,
  by: string,
): Quality {
  const [fromMs, toMs, nowMs] = [Date.parse(from), Date.parse(to), Date.parse(time.now)];
  const isBefore = by === "month" ? date.slice(0, 7) < time.from.slice(0, 7) : date < time.from;
  if (isBefore || (time.to !== undefined && date >= time.to)) return "outside";
  if (fromMs >= nowMs) return "future";
  if (
    time.gap !== undefined &&
    fromMs >= Date.parse(time.gap[0]) &&
    toMs <= Date.parse(time.gap[1])
  )
    return "gap";
  if (toMs > nowMs) return "running";
  return by !== "month" && time.interpolated.includes(date) ? "interpolated" : "measured";
}

/** Temperatures of today, each ten minutes. */
export function inventedPoints(time: InventedTime): { at: string; value: number }[] {
  const start = Temporal.Instant.from(time.now)
    .toZonedDateTimeISO(time.zone)
    .startOfDay().epochMilliseconds;
  const points: { at: string; value: number }[] = [];
  for (let ms = start; ms <= Date.parse(time.now); ms += 600_000) {
    const hour = (ms - start) / 3_600_000;
    points.push({
      at: new Date(ms).toISOString(),
      value: Math.round((20.4 + 1.3 * Math.sin((hour - 9) / 3.8)) * 10) / 10,
    });
  }
  return points;
}
