/** `search-field`: filters the devices as one types, from every page. */
import search from "lucide-static/icons/search.svg";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "#shared/web/components/icon.tsx";
import { go, path, query } from "#shared/web/place.ts";
import { devicesLink, devicesFilter } from "./devices-filter.ts";
import { speech } from "./speech.ts";

export const searchFieldId = "search";
/** A pause in typing, ms, after which the hub is asked. */
const PAUSE_MS = 150;

export function SearchField() {
  const { words } = speech;
  const isThere = path.value === "/devices" || path.value.startsWith("/devices/");
  const shown = isThere ? (query.value.get("q") ?? "") : "";
  const [text, setText] = useState(shown);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  /** What the address was last told from here: its echo must not take back what was typed since. */
  const told = useRef(shown);
  useEffect(() => {
    if (shown === told.current) return;
    told.current = shown;
    setText(shown);
  }, [shown]);
  const find = (typed: string) => {
    setText(typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      told.current = typed.trim();
      const isNow = path.peek() === "/devices" || path.peek().startsWith("/devices/");
      go(
        devicesLink({
          ...devicesFilter(isNow ? query.peek() : new URLSearchParams()),
          q: typed.trim(),
        }),
        isNow ? "replace" : "push",
      );
    }, PAUSE_MS);
  };
  return (
    <div class="search" role="search">
      <Icon of={search} size={18} />
      <input
        id={searchFieldId}
        type="search"
        value={text}
        placeholder={words.frame.searchHint}
        aria-label={words.frame.search}
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => find(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          document.querySelector<HTMLElement>(".windowed tbody a")?.focus();
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </div>
  );
}
