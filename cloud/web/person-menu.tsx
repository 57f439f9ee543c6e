/** `person-menu`: who is signed in, their language, the shortcuts, and the way out. */
import circleHelp from "lucide-static/icons/circle-help.svg";
import logOut from "lucide-static/icons/log-out.svg";
import user from "lucide-static/icons/user.svg";
import { useId } from "preact/hooks";
import type { Operator } from "#shared/api/admin.ts";
import type { Language } from "#shared/api/resident.ts";
import { Button } from "#shared/web/components/button.tsx";
import { Icon } from "#shared/web/components/icon.tsx";
import { language, languageNames } from "#shared/web/language.ts";
import { signOut } from "./session.ts";
import { speech } from "./speech.ts";
import "./person-menu.css";

export function PersonMenu({ operator, help }: { operator: Operator; help(): void }) {
  const { words } = speech;
  const id = useId();
  const close = () => document.querySelector<HTMLElement>(`[id="${id}"]`)?.hidePopover();
  const initials =
    `${operator.first_name.slice(0, 1)}${operator.last_name.slice(0, 1)}`.toUpperCase();
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
            {operator.first_name} {operator.last_name}
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
        <a class="button button-bare" href="/profile" onClick={close}>
          <Icon of={user} size={18} />
          {words.profile.title}
        </a>
        <Button
          weight="bare"
          onClick={() => {
            close();
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
