/**
 * `bar-geometry`: where bars stand, in whole pixels, and where the lines behind them are drawn.
 *
 * Pure. Values are in the unit shown.
 */
export interface BarPlace {
  readonly x: number;
  readonly width: number;
}

/** Bars side by side over `width` pixels, each with its gap; edges on whole pixels so none blurs. */
export function barPlaces(count: number, width: number): BarPlace[] {
  const step = width / Math.max(1, count);
  const gap = step >= 12 ? Math.round(step * 0.26) : step >= 4 ? 2 : step >= 2.5 ? 1 : 0;
  return Array.from({ length: count }, (_, i) => {
    const x = Math.round(i * step);
    return { x: x + Math.floor(gap / 2), width: Math.max(1, Math.round((i + 1) * step) - x - gap) };
  });
}

/** Round values from 0 up to at least `largest`: two or three steps of 1, 2, 2.5 or 5 times a power of ten. */
export function ticks(largest: number): number[] {
  if (!(largest > 0)) return [0, 1];
  const rough = largest / 2.5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((size) => size * power >= rough) ?? 10);
  const count = Math.ceil(largest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

/** Which bar a point belongs to, also between bars. */
export function barAt(x: number, count: number, width: number): number {
  return Math.max(0, Math.min(count - 1, Math.floor((x / Math.max(1, width)) * count)));
}
