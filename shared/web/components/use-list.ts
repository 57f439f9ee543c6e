/**
 * `use-list`: a long list of which only the pages looked at are fetched.
 *
 * Rows of an older question stay until the first of the new ones is here. Must never hold more
 * pages than were looked at since the last change.
 */
import { useEffect, useReducer, useRef } from "preact/hooks";
import { getPage, type Refusal } from "../api-client.ts";

export const pageSize = 100;

export interface List<T> {
  /** Undefined until the first answer. */
  readonly total: number | undefined;
  readonly why: Refusal | undefined;
  rowAt(index: number): T | undefined;
  /** Fetches what is missing between two rows, both included. */
  need(first: number, last: number): void;
  reload(): void;
}

interface Kept<T> {
  key: string;
  total: number | undefined;
  pages: Map<number, readonly T[]>;
  /** Pages on their way, each with the turn it was asked in. */
  asked: Map<number, number>;
  why: Refusal | undefined;
}

/** `key` is the path with its filters; `version` grows when the hub says that something changed. */
export function useList<T>(key: string, version: number): List<T> {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const shown = useRef<Kept<T>>(fresh(key));
  const next = useRef<Kept<T>>(shown.current);
  const range = useRef({ first: 0, last: 0 });
  const turn = useRef(0);

  const fetchPage = (into: Kept<T>, page: number) => {
    const asking = ++turn.current;
    into.asked.set(page, asking);
    const join = into.key.includes("?") ? "&" : "?";
    void getPage<T>(`${into.key}${join}limit=${pageSize}&offset=${page * pageSize}`).then(
      (answer) => {
        if (into !== next.current || into.asked.get(page) !== asking) return;
        into.asked.delete(page);
        if (answer.ok) {
          into.pages.set(page, answer.value.data);
          into.total = answer.value.total;
          into.why = undefined;
        } else into.why = answer.why;
        shown.current = into;
        redraw(0);
      },
    );
  };
  const fetchRange = (into: Kept<T>, isAgain: boolean) => {
    const { first, last } = range.current;
    for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize); page++)
      if (isAgain || (!into.pages.has(page) && !into.asked.has(page))) fetchPage(into, page);
  };

  useEffect(() => {
    if (next.current.key !== key) {
      next.current = fresh(key);
      range.current = { first: 0, last: 0 };
    }
    const into = next.current;
    const { first, last } = range.current;
    for (const page of into.pages.keys())
      if (page < Math.floor(first / pageSize) || page > Math.floor(last / pageSize))
        into.pages.delete(page);
    fetchRange(into, true);
  }, [key, version]);

  return {
    total: shown.current.total,
    why: shown.current.why,
    rowAt: (index) => shown.current.pages.get(Math.floor(index / pageSize))?.[index % pageSize],
    need: (first, last) => {
      range.current = { first, last };
      if (next.current === shown.current && shown.current.total !== undefined)
        fetchRange(next.current, false);
    },
    reload: () => fetchRange(next.current, true),
  };
}

function fresh<T>(key: string): Kept<T> {
  return { key, total: undefined, pages: new Map(), asked: new Map(), why: undefined };
}
