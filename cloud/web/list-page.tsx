/** `list-page`: a titled list that fills the window, or the words that stand in its place. */
import type { ComponentChildren } from "preact";
import type { Refusal } from "#shared/web/api-client.ts";
import { Skeleton } from "#shared/web/components/skeleton.tsx";
import { useIsSlow } from "#shared/web/components/use-is-slow.ts";
import { Refused } from "./refused.tsx";
import "./list-page.css";

export interface ListPageProps {
  readonly title: string;
  readonly lead?: string | undefined;
  /** How many, in words, once known. */
  readonly countText?: string | undefined;
  readonly filters?: ComponentChildren;
  /** Dialogs and what floats: shown whatever stands in the list's place. */
  readonly beside?: ComponentChildren;
  /** Undefined until the first answer. */
  readonly total: number | undefined;
  readonly why: Refusal | undefined;
  again(): void;
  /** Shown when the list is empty. */
  readonly empty: ComponentChildren;
  /** The list itself. */
  readonly children: ComponentChildren;
}

export function ListPage({
  title,
  lead,
  countText,
  filters,
  beside,
  total,
  why,
  again,
  empty,
  children,
}: ListPageProps) {
  const isSlow = useIsSlow(total === undefined);
  return (
    <div class="list-page">
      <header class="list-head">
        <div class="list-title">
          <h1>{title}</h1>
          {countText !== undefined && <p class="muted number">{countText}</p>}
        </div>
        {lead !== undefined && <p class="small muted list-lead">{lead}</p>}
        {filters}
      </header>
      {why !== undefined && <Refused why={why} again={again} />}
      {total === undefined
        ? why === undefined && isSlow && <Skeleton heights={[44, 44, 44, 44, 44, 44]} />
        : total === 0
          ? empty
          : children}
      {beside}
    </div>
  );
}
