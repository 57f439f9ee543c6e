/** `entrance`: the quiet page around a form that stands before everything else. */
import type { ComponentChildren } from "preact";
import type { Language } from "#shared/api/resident.ts";
import { language, languageNames } from "#shared/web/language.ts";
import { speech } from "./speech.ts";
import "./entrance.css";

export interface EntranceProps {
  readonly title: string;
  readonly lead?: string | undefined;
  readonly children: ComponentChildren;
}

export function Entrance({ title, lead, children }: EntranceProps) {
  return (
    <main class="entrance">
      <div class="entrance-mark" aria-hidden="true" />
      <h1>{title}</h1>
      {lead !== undefined && <p class="muted">{lead}</p>}
      {children}
      <ul class="entrance-languages">
        {(Object.keys(languageNames) as Language[]).map((one) => (
          <li key={one}>
            <button
              type="button"
              lang={one}
              aria-pressed={language.value === one}
              onClick={() => speech.speak(one, true)}
            >
              {languageNames[one]}
            </button>
          </li>
        ))}
      </ul>
    </main>
  );
}
