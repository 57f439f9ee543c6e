/** `top-bar`: whose building this is, which home, and the settings. */
import type { Me } from "#shared/api/resident.ts";
import { go } from "../place.ts";
import { homeLink } from "./links.ts";
import type { Home } from "./session.ts";
import { SettingsMenu } from "./settings-menu.tsx";
import { speech } from "./speech.ts";
import "./top-bar.css";

export function TopBar({ me, home }: { readonly me: Me; readonly home: Home }) {
  const { words } = speech;
  const { colour } = home.brand;
  return (
    <header class="top-bar">
      <a class="top-bar-brand" href={homeLink(home.unit_id)}>
        <span
          class="top-bar-mark"
          aria-hidden="true"
          {...(colour === undefined ? {} : { style: { background: colour } })}
        />
        {home.brand.name}
      </a>
      {me.homes.length > 1 && (
        <select
          class="select top-bar-homes"
          aria-label={words.home.choose}
          value={home.unit_id}
          onChange={({ currentTarget }) => go(homeLink(currentTarget.value))}
        >
          {me.homes.map(({ unit_id: unitId, name, community }) => (
            <option key={unitId} value={unitId}>
              {me.homes.some((one) => one.community !== community) ? `${name}, ${community}` : name}
            </option>
          ))}
        </select>
      )}
      <SettingsMenu />
    </header>
  );
}
