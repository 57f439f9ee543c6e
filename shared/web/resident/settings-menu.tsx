/** `settings-menu`: language, the unit of water, what is set at the building, and the way out. */
import ellipsis from "lucide-static/icons/ellipsis.svg";
import logOut from "lucide-static/icons/log-out.svg";
import { useId, useState } from "preact/hooks";
import type { Language } from "#shared/api/resident.ts";
import { Button } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import { Segmented } from "../components/segmented.tsx";
import { language, languageNames } from "../language.ts";
import { waterUnits } from "../quantities.ts";
import { OwnSettingsPart, useOwnSettings } from "./own-settings.tsx";
import { waterUnit } from "./preferences.ts";
import { signOut } from "./session.ts";
import { speech } from "./speech.ts";
import "./settings-menu.css";

export function SettingsMenu() {
  const { words } = speech;
  const id = useId();
  const [isLeaving, setIsLeaving] = useState(false);
  const [isOpen, setIsOpen] = useState(false);
  const own = useOwnSettings(isOpen);
  const speak = (next: Language) => {
    void speech.speak(next, true);
    // Letters and other devices speak it too.
    own.change({ language: next });
  };
  return (
    <div class="settings">
      <Button weight="bare" isIcon aria-label={words.menu.open} popovertarget={id}>
        <Icon of={ellipsis} />
      </Button>
      <div
        id={id}
        popover="auto"
        class="settings-menu"
        onToggle={(event) => setIsOpen(event.newState === "open")}
      >
        <label class="settings-row">
          <span class="small muted">{words.menu.language}</span>
          <select
            class="select"
            value={language.value}
            onChange={({ currentTarget }) => speak(currentTarget.value as Language)}
          >
            {Object.entries(languageNames).map(([one, name]) => (
              <option key={one} value={one} lang={one}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <div class="settings-row">
          <span class="small muted" aria-hidden="true">
            {words.menu.water}
          </span>
          <Segmented
            name="water"
            legend={words.menu.water}
            value={waterUnit.value}
            options={waterUnits.map((value) => ({ value, text: value === "m3" ? "m³" : value }))}
            choose={(value) => (waterUnit.value = value)}
          />
        </div>
        <OwnSettingsPart {...own} />
        <Button
          onClick={() => {
            setIsLeaving(true);
            void signOut();
          }}
        >
          <Icon of={logOut} size={18} />
          {isLeaving ? words.menu.signingOut : words.menu.signOut}
        </Button>
      </div>
    </div>
  );
}
