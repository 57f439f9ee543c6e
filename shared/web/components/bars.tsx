/**
 * `bars`: amounts per period as bars, drawn at 1:1 in the width there is.
 *
 * A gap is hatched over the full height, a computed amount is lighter, a period that is not over
 * is hollow; nothing heard is never drawn as zero. A silent picture: words stand beside it.
 */
import { useId } from "preact/hooks";
import type { Quality } from "#shared/api/resident.ts";
import { barPlaces } from "./bar-geometry.ts";
import "./bars.css";

export interface Bar {
  /** In the unit shown; null when there is no number. */
  readonly value: number | null;
  readonly quality: Quality;
  /** The same period one span before, as a thin line of steps. */
  readonly before?: number | null;
}

export interface BarsProps {
  readonly bars: readonly Bar[];
  readonly width: number;
  readonly height: number;
  /** The value at full height. */
  readonly top: number;
}

/** The bars as a group inside somebody's `<svg>`. */
export function Bars({ bars, width, height, top }: BarsProps) {
  const hatch = `hatch${useId()}`;
  const places = barPlaces(bars.length, width);
  const heightOf = (value: number) =>
    value <= 0 ? 2 : Math.max(2, Math.round((value / top) * height));
  return (
    <g>
      <defs>
        <pattern
          id={hatch}
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="1.5" height="6" class="bar-hatch" />
        </pattern>
      </defs>
      {bars.map((bar, i) => {
        const place = places[i] ?? { x: 0, width: 1 };
        if (bar.quality === "gap")
          return (
            <rect
              key={i}
              class="bar-gap"
              x={place.x}
              width={place.width}
              y={0}
              height={height}
              fill={`url(#${hatch})`}
            />
          );
        if (bar.value === null) return null;
        const tall = heightOf(bar.value);
        const isHollow = bar.quality === "running" && place.width >= 4;
        return (
          <rect
            key={i}
            class={`bar bar-${bar.quality}${isHollow ? " bar-hollow" : ""}`}
            x={isHollow ? place.x + 0.75 : place.x}
            width={isHollow ? place.width - 1.5 : place.width}
            y={isHollow ? height - tall + 0.75 : height - tall}
            height={isHollow ? Math.max(0.5, tall - 0.75) : tall}
            rx={place.width >= 6 ? 2 : place.width >= 4 ? 1 : 0}
          />
        );
      })}
      <path
        class="bar-before"
        d={stepLine(
          bars,
          (i) => Math.round((i / bars.length) * width),
          (value) => height - heightOf(value) + 0.5,
        )}
      />
    </g>
  );
}

/** The amounts of the span before as one line of steps, broken where there was no number. */
function stepLine(
  bars: readonly Bar[],
  x: (i: number) => number,
  y: (value: number) => number,
): string {
  let path = "";
  let isOn = false;
  for (const [i, { before }] of bars.entries()) {
    if (before === undefined || before === null) isOn = false;
    else {
      path += isOn ? `V${y(before)}H${x(i + 1)}` : `M${x(i)} ${y(before)}H${x(i + 1)}`;
      isOn = true;
    }
  }
  return path;
}
