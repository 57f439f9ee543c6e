/** `frame`: the rail, the search, the person, and the keyboard's shortcuts, around every page. */
import building from "lucide-static/icons/building-2.svg";
import circleHelp from "lucide-static/icons/circle-help.svg";
import dashboard from "lucide-static/icons/layout-dashboard.svg";
import gauge from "lucide-static/icons/gauge.svg";
import logOut from "lucide-static/icons/log-out.svg";
import radar from "lucide-static/icons/radar.svg";
import router from "lucide-static/icons/router.svg";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import type { Operator } from "#shared/api/admin.ts";
import type { Language } from "#shared/api/resident.ts";
import { Button } from "#shared/web/components/button.tsx";
import { Icon } from "#shared/web/components/icon.tsx";
import { language, languageNames } from "#shared/web/language.ts";
import { path } from "#shared/web/place.ts";
import { isLive } from "./changes.ts";
import { SearchField, searchFieldId } from "./search-field.tsx";
import { signOut } from "./session.ts";
import { Shortcuts } from "./shortcuts.tsx";
import { speech } from "./speech.ts";
import "./frame.css";

const places = [
  { key: "overview", link: "/", icon: dashboard },
  { key: "communities", link: "/communities", icon: building },
  { key: "devices", link: "/devices", icon: gauge },
  { key: "unregistered", link: "/unregistered", icon: radar },
  { key: "gateways", link: "/gateways", icon: router },
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

function PersonMenu({ operator, help }: { operator: Operator; help(): void }) {
  const { words } = speech;
  const id = useId();
  const initials =
    `${operator.firstName.slice(0, 1)}${operator.lastName.slice(0, 1)}`.toUpperCase();
  return (
    <>
      <button
        type="button"
        class="person"
        aria-label={`${initials}: ${words.frame.person}`}
        popovertarget={id}
      >
        {initials}
      </button>
      <div id={id} popover="auto" class="person-menu">
        <div>
          <p>
            {operator.firstName} {operator.lastName}
          </p>
          <p class="tiny muted">{operator.email}</p>
        </div>
        <label class="person-row">
          <span class="tiny muted">{words.frame.language}</span>
          <select
            class="filter"
            value={language.value}
            onChange={({ currentTarget }) => speech.speak(currentTarget.value as Language, true)}
          >
            {Object.entries(languageNames).map(([one, name]) => (
              <option key={one} value={one} lang={one}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <Button
          weight="bare"
          onClick={() => {
            document.querySelector<HTMLElement>(`[id="${id}"]`)?.hidePopover();
            help();
          }}
        >
          <Icon of={circleHelp} size={18} />
          {words.frame.shortcuts}
        </Button>
        <Button weight="bare" onClick={() => void signOut()}>
          <Icon of={logOut} size={18} />
          {words.frame.signOut}
        </Button>
      </div>
    </>
  );
}
