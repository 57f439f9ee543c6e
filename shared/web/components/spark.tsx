/** `spark`: a small picture of bars without words, beside a number that has them. */
import { Bars, type Bar } from "./bars.tsx";
import { useWidth } from "./use-width.ts";

export interface SparkProps {
  readonly bars: readonly Bar[];
  readonly height: number;
  /** What it shows, for those who do not see it. */
  readonly label: string;
}

export function Spark({ bars, height, label }: SparkProps) {
  const { element, width } = useWidth<HTMLDivElement>();
  const top = Math.max(1e-9, ...bars.map(({ value }) => value ?? 0));
  return (
    <div ref={element} class="spark">
      <svg width={width} height={height + 1} role="img" aria-label={label} class="spark">
        <Bars bars={bars} width={width} height={height} top={top} />
        <line class="spark-base" x1={0} x2={width} y1={height + 0.5} y2={height + 0.5} />
      </svg>
    </div>
  );
}
