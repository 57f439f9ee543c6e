/** `line-spark`: values of a day as a thin line, broken where nothing was heard for long. */
import { useWidth } from "./use-width.ts";
import "./line-spark.css";

export interface LinePoint {
  readonly atMs: number;
  readonly value: number;
}

export interface LineSparkProps {
  readonly points: readonly LinePoint[];
  /** Epoch ms at the left and right edge. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly height: number;
  readonly label: string;
  /** Points further apart than this are not joined, ms. */
  readonly breakMs: number;
}

export function LineSpark({ points, fromMs, toMs, height, label, breakMs }: LineSparkProps) {
  const { element, width } = useWidth<HTMLDivElement>();
  const values = points.map(({ value }) => value);
  const low = Math.min(...values) - 0.5;
  const high = Math.max(...values) + 0.5;
  const x = (atMs: number) =>
    Math.round(((atMs - fromMs) / (toMs - fromMs)) * (width - 4) * 10) / 10;
  const y = (value: number) =>
    Math.round((height - ((value - low) / (high - low)) * height) * 10) / 10;
  const line = points
    .map(({ atMs, value }, i) => {
      const before = points[i - 1];
      const isJoined = before !== undefined && atMs - before.atMs <= breakMs;
      return `${isJoined ? "L" : "M"}${x(atMs)} ${y(value)}`;
    })
    .join("");
  const last = points.at(-1);
  return (
    <div ref={element} class="spark">
      <svg width={width} height={height + 1} role="img" aria-label={label} class="spark">
        <line class="spark-base" x1={0} x2={width} y1={height + 0.5} y2={height + 0.5} />
        <path class="line-spark" d={line} />
        {last && width > 0 && (
          <circle class="line-spark-end" cx={x(last.atMs)} cy={y(last.value)} r={3} />
        )}
      </svg>
    </div>
  );
}
