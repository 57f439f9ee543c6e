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
  /** The same period one span before, as an outline behind. */
  readonly before?: number | null;
}

export interface BarsProps {
  readonly bars: readonly Bar[];
  readonly width: number;
  readonly height: number;
  /** The value at full height. */
  readonly top: number;
  readonly chosen?: number | undefined;
}

/** The bars as a group inside somebody's `<svg>`. */
export function Bars({ bars, width, height, top, chosen }: BarsProps) {
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
        const faded = chosen !== undefined && chosen !== i ? " bar-faded" : "";
        const outline =
          bar.before === undefined || bar.before === null || bar.before <= 0 ? null : (
            <rect
              class="bar-before"
              x={place.x - 0.5}
              width={place.width + 1}
              y={height - heightOf(bar.before) + 0.5}
              height={heightOf(bar.before)}
            />
          );
        if (bar.quality === "gap")
          return (
            <g key={i}>
              {outline}
              <rect
                class="bar-gap"
                x={place.x}
                width={place.width}
                y={0}
                height={height}
                fill={`url(#${hatch})`}
              />
            </g>
          );
        if (bar.value === null) return <g key={i}>{outline}</g>;
        const tall = heightOf(bar.value);
        const isHollow = bar.quality === "running" && place.width >= 4;
        return (
          <g key={i}>
            {outline}
            <rect
              class={`bar bar-${bar.quality}${isHollow ? " bar-hollow" : ""}${faded}`}
              x={isHollow ? place.x + 0.75 : place.x}
              width={isHollow ? place.width - 1.5 : place.width}
              y={isHollow ? height - tall + 0.75 : height - tall}
              height={isHollow ? Math.max(0.5, tall - 0.75) : tall}
              rx={place.width >= 6 ? 2 : place.width >= 4 ? 1 : 0}
            />
          </g>
        );
      })}
    </g>
  );
}
