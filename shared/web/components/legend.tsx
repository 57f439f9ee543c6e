/** `legend`: what lighter, hollow and hatched bars mean; only what is in the picture. */
import { Bars } from "./bars.tsx";
import type { Quality } from "#shared/api/resident.ts";
import "./legend.css";

export interface LegendItem {
  readonly quality: Quality | "before";
  readonly text: string;
}

export function Legend({ items }: { readonly items: readonly LegendItem[] }) {
  if (items.length === 0) return null;
  return (
    <ul class="legend">
      {items.map(({ quality, text }) => (
        <li key={quality}>
          <svg width={14} height={14} aria-hidden="true">
            <Bars
              bars={[
                quality === "before"
                  ? { value: null, quality: "future", before: 1 }
                  : { value: 1, quality },
              ]}
              width={14}
              height={14}
              top={1}
            />
          </svg>
          {text}
        </li>
      ))}
    </ul>
  );
}
