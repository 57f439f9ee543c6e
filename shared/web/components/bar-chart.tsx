/**
 * `bar-chart`: bars with their lines and times, of which one can be chosen by finger, mouse or
 * arrow keys. What is chosen is said by whoever shows the number; here it is only marked.
 */
import { useState } from "preact/hooks";
import { barAt, barPlaces, ticks } from "./bar-geometry.ts";
import { Bars, type Bar } from "./bars.tsx";
import { useWidth } from "./use-width.ts";
import "./bar-chart.css";

export interface ChartBar extends Bar {
  /** Below the bar; most bars have none. */
  readonly tick?: string | undefined;
}

export interface BarChartProps {
  readonly bars: readonly ChartBar[];
  /** Height of the bars alone, px. */
  readonly height: number;
  /** What the picture shows, and that arrow keys work. */
  readonly label: string;
  /** The chosen bar in words. */
  readonly said: string;
  readonly tickText: (value: number) => string;
  readonly chosen: number | undefined;
  choose(bar: number | undefined): void;
}

const AXIS = 20;
const TOP = 18;

export function BarChart({ bars, height, label, said, tickText, chosen, choose }: BarChartProps) {
  const { element, width } = useWidth<HTMLDivElement>();
  const [pinned, setPinned] = useState<number>();
  const lines = ticks(
    Math.max(...bars.map(({ value, before }) => Math.max(value ?? 0, before ?? 0))),
  );
  const top = lines.at(-1) ?? 1;
  // The lines' numbers stand in a margin of their own, so that no bar hides them.
  const margin = Math.max(...lines.map((value) => tickText(value).length)) * 6.6 + 10;
  const plot = Math.max(0, Math.floor(width - margin));
  const places = barPlaces(bars.length, plot);
  const pin = (bar: number | undefined) => {
    setPinned(bar);
    choose(bar);
  };
  const under = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    return barAt(event.clientX - box.left, bars.length, plot);
  };
  const step = (to: number) => pin(Math.max(0, Math.min(bars.length - 1, to)));
  const onKeyDown = (event: KeyboardEvent) => {
    const from = chosen ?? bars.length;
    if (event.key === "ArrowRight" || event.key === "ArrowUp")
      step(chosen === undefined ? 0 : from + 1);
    else if (event.key === "ArrowLeft" || event.key === "ArrowDown") step(from - 1);
    else if (event.key === "Home") step(0);
    else if (event.key === "End") step(bars.length - 1);
    else if (event.key === "Escape") pin(undefined);
    else return;
    event.preventDefault();
  };
  const marked = chosen === undefined ? undefined : places[chosen];
  return (
    <div
      ref={element}
      class="bar-chart"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={1}
      aria-valuemax={Math.max(1, bars.length)}
      aria-valuenow={(chosen ?? 0) + 1}
      aria-valuetext={said}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        const bar = under(event);
        pin(pinned === bar ? undefined : bar);
      }}
      onPointerMove={(event) =>
        (event.pointerType === "mouse" || event.buttons > 0) && choose(under(event))
      }
      onPointerLeave={() => choose(pinned)}
      style={{ height: `${TOP + height + AXIS}px` }}
    >
      <svg width={width} height={TOP + height + AXIS} aria-hidden="true">
        {lines.map((value) => {
          const y = TOP + height - Math.round((value / top) * height) + 0.5;
          return (
            <g key={value}>
              <line
                class={value === 0 ? "bar-chart-base" : "bar-chart-line"}
                x1={0}
                x2={plot}
                y1={y}
                y2={y}
              />
              {value > 0 && (
                <text class="bar-chart-text" x={width} y={y + 3.5} text-anchor="end">
                  {tickText(value)}
                </text>
              )}
            </g>
          );
        })}
        {marked && (
          <rect
            class="bar-chart-marked"
            x={marked.x - 2}
            width={marked.width + 4}
            y={TOP}
            height={height}
            rx={3}
          />
        )}
        <g transform={`translate(0 ${TOP})`}>
          <Bars bars={bars} width={plot} height={height} top={top} />
        </g>
        {bars.map(({ tick }, i) => {
          const place = places[i];
          if (tick === undefined || place === undefined) return null;
          return (
            <text
              key={i}
              class="bar-chart-text"
              x={place.x + place.width / 2}
              y={TOP + height + 15}
              text-anchor="middle"
            >
              {tick}
            </text>
          );
        })}
      </svg>
    </div>
  );
}
