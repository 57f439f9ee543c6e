/** `frame`: the rail, the search, the person, and the keyboard's shortcuts, around every page. */
import building from "lucide-static/icons/building-2.svg";
import dashboard from "lucide-static/icons/layout-dashboard.svg";
import code from "lucide-static/icons/code-xml.svg";
import gauge from "lucide-static/icons/gauge.svg";
import radar from "lucide-static/icons/radar.svg";
import router from "lucide-static/icons/router.svg";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Operator } from "#shared/api/admin.ts";
import { Icon } from "#shared/web/components/icon.tsx";
import { path } from "#shared/web/place.ts";
import { isLive } from "./changes.ts";
import { PersonMenu } from "./person-menu.tsx";
import { SearchField, searchFieldId } from "./search-field.tsx";
import { Shortcuts } from "./shortcuts.tsx";
import { speech } from "./speech.ts";
import "./frame.css";

const places = [
  { key: "overview", link: "/", icon: dashboard },
  { key: "communities", link: "/communities", icon: building },
  { key: "devices", link: "/devices", icon: gauge },
  { key: "unregistered", link: "/unregistered", icon: radar },
  { key: "gateways", link: "/gateways", icon: router },
  { key: "decoders", link: "/decoders", icon: code },
] as const;

export function Frame({
  operator,
  children,
}: {
  readonly operator: Operator;
  readonly children: ComponentChildren;
}) {
  const { words } = speech;
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping =
        (event.target as Element).closest?.("input, textarea, select, dialog") !== null;
      const isFind =
        (event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !isTyping);
      if (isFind) {
        event.preventDefault();
        document.querySelector<HTMLInputElement>(`#${searchFieldId}`)?.focus();
      } else if (event.key === "?" && !isTyping) setIsHelpOpen(true);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const isHere = (link: string) =>
    link === "/" ? path.value === "/" : path.value === link || path.value.startsWith(`${link}/`);
  return (
    <div class="admin">
      <nav class="rail" aria-label={words.frame.pages}>
        <p class="rail-name">
          <span class="rail-mark" aria-hidden="true" />
          {operator.organization.name}
        </p>
        <ul>
          {places.map(({ key, link, icon }) => (
            <li key={key}>
              <a
                href={link}
                class="rail-link"
                {...(isHere(link) ? { "aria-current": "page" as const } : {})}
              >
                <Icon of={icon} size={20} />
                <span>{words.frame[key]}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="admin-side">
        <header class="admin-top">
          <SearchField />
          <PersonMenu operator={operator} help={() => setIsHelpOpen(true)} />
        </header>
        {!isLive.value && (
          <p class="stale" role="status">
            {words.frame.stale}
          </p>
        )}
        <main class="admin-main">{children}</main>
      </div>
      {isHelpOpen && <Shortcuts close={() => setIsHelpOpen(false)} />}
    </div>
  );
}
