/**
 * `place`: where in the page's own paths the reader is, as a signal.
 *
 * Links stay links: what is opened in a new tab or with a modifier is the browser's business.
 */
import { computed, signal } from "@preact/signals";

const here = signal(location.pathname + location.search);

export const path = computed(() => here.value.split("?")[0] ?? "/");
export const query = computed(() => new URLSearchParams(here.value.split("?")[1] ?? ""));

/** Goes to a path of this page; `replace` leaves no step to come back to. */
export function go(to: string, how: "push" | "replace" = "push"): void {
  if (to === here.peek()) return;
  const before = here.peek().split("?")[0];
  if (how === "push") history.pushState(null, "", to);
  else history.replaceState(null, "", to);
  here.value = to;
  if (how === "push" && before !== to.split("?")[0]) scrollTo(0, 0);
}

/** The parts of the current path that fill `pattern` (`/homes/:unitId`), or undefined when it does not fit. */
export function match(pattern: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.value.split("/");
  if (wanted.length !== given.length) return undefined;
  const found: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const is = given[i] ?? "";
    if (part.startsWith(":")) found[part.slice(1)] = decodeURIComponent(is);
    else if (part !== is) return undefined;
  }
  return found;
}

/** Follows the browser's arrows and this page's own links. Call once. */
export function followLinks(): void {
  addEventListener("popstate", () => {
    here.value = location.pathname + location.search;
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.("a[href^='/']");
    if (!(link instanceof HTMLAnchorElement) || link.target !== "" || link.hasAttribute("download"))
      return;
    event.preventDefault();
    go(link.getAttribute("href") ?? "/");
  });
}
