/**
 * `windowed-table`: a table that draws only the rows in sight, so that 40,000 stay as quick as 40.
 *
 * Rows have one height. Each row holds one link, which is what the arrow keys walk along.
 */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import "./windowed-table.css";

export interface Column<T> {
  readonly key: string;
  readonly title: string;
  /** Class of its cells: decides width, and whether small screens show it. */
  readonly class: string;
  cell(row: T): ComponentChildren;
}

export interface WindowedTableProps<T> {
  readonly label: string;
  readonly total: number;
  readonly columns: readonly Column<T>[];
  rowAt(index: number): T | undefined;
  keyOf(row: T): string;
  /** Where a click on the row leads; a row without one is only read. */
  linkOf?(row: T): string;
  readonly openKey?: string | undefined;
  need(first: number, last: number): void;
  follow?(link: string): void;
  /** Changes when the list is another one: it then begins at its top. */
  readonly listKey: string;
}

const ROW = 56;
const HEAD = 36;
/** Rows drawn beyond either edge. */
const SPARE = 8;

export function WindowedTable<T>(props: WindowedTableProps<T>) {
  const { label, total, columns, rowAt, keyOf, linkOf, openKey, need, follow, listKey } = props;
  const box = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState({ top: 0, height: 800 });
  const first = Math.max(0, Math.floor((sight.top - HEAD) / ROW) - SPARE);
  const last = Math.min(total - 1, Math.ceil((sight.top + sight.height) / ROW) + SPARE);

  useLayoutEffect(() => {
    const { current } = box;
    if (current === null) return undefined;
    const look = () =>
      setSight((was) =>
        was.top === current.scrollTop && was.height === current.clientHeight
          ? was
          : { top: current.scrollTop, height: current.clientHeight },
      );
    look();
    const observer = new ResizeObserver(look);
    observer.observe(current);
    current.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      current.removeEventListener("scroll", look);
    };
  }, []);
  useEffect(() => box.current?.scrollTo(0, 0), [listKey]);
  useEffect(() => need(first, Math.max(first, last)), [first, last, total]);

  const focusRow = (index: number) => {
    const { current } = box;
    if (current === null || index < 0 || index >= total) return;
    const top = HEAD + index * ROW;
    if (top - HEAD < current.scrollTop) current.scrollTop = top - HEAD;
    else if (top + ROW > current.scrollTop + current.clientHeight)
      current.scrollTop = top + ROW - current.clientHeight;
    const link = () => current.querySelector<HTMLElement>(`tr[data-row="${index}"] a`);
    const isDrawn = link() !== null;
    link()?.focus({ preventScroll: true });
    // A row out of sight is drawn in the next frame.
    if (!isDrawn)
      requestAnimationFrame(() =>
        requestAnimationFrame(() => link()?.focus({ preventScroll: true })),
      );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = (event.target as Element).closest<HTMLElement>("tr[data-row]")?.dataset["row"];
    if (at === undefined) return;
    const to = { ArrowDown: Number(at) + 1, ArrowUp: Number(at) - 1, Home: 0, End: total - 1 }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    focusRow(to);
  };

  const rows = [];
  for (let i = first; i <= last; i++) {
    const row = rowAt(i);
    const link = row === undefined ? undefined : linkOf?.(row);
    rows.push(
      <tr
        key={row === undefined ? `row ${i}` : keyOf(row)}
        data-row={i}
        aria-rowindex={i + 2}
        class={`${link === undefined ? "" : "row-opens"}${row !== undefined && keyOf(row) === openKey ? " row-open" : ""}`}
        onClick={(event) => {
          if (link === undefined || (event.target as Element).closest("a, button") !== null) return;
          if (getSelection()?.isCollapsed === false) return;
          follow?.(link);
        }}
      >
        {columns.map((column) => (
          <td key={column.key} class={column.class}>
            {row === undefined ? <span class="row-waits" /> : column.cell(row)}
          </td>
        ))}
      </tr>,
    );
  }
  return (
    <div
      ref={box}
      class="windowed"
      tabIndex={linkOf === undefined ? 0 : -1}
      role="region"
      aria-label={label}
      onKeyDown={onKeyDown}
    >
      <table aria-rowcount={total + 1} aria-label={label}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ key, title, class: name }) => (
              <th key={key} scope="col" class={name}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && (
            <tr aria-hidden="true" class="row-space" style={{ height: `${first * ROW}px` }} />
          )}
          {rows}
          {last < total - 1 && (
            <tr
              aria-hidden="true"
              class="row-space"
              style={{ height: `${(total - 1 - last) * ROW}px` }}
            />
          )}
        </tbody>
      </table>
    </div>
  );
}
