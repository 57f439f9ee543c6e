/** `resident-app`: which of the residents' pages is shown. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Button } from "../components/button.tsx";
import { Notice } from "../components/notice.tsx";
import { match } from "../place.ts";
import { OpenHome } from "./open-home.tsx";
import { resume, session, type Home } from "./session.ts";
import { SettingsMenu } from "./settings-menu.tsx";
import { SignIn } from "./sign-in.tsx";
import { speech } from "./speech.ts";

/** @param beside what else there is for who lives there, below the home's meters */
export function ResidentApp({
  beside,
}: {
  readonly beside?: (home: Home) => ComponentChildren;
} = {}) {
  const now = session.value;
  const title = now.is === "in" ? (now.me.homes[0]?.brand.name ?? "Riser") : "Riser";
  useEffect(() => {
    document.title = title;
  }, [title]);
  const { words } = speech;
  if (now.is === "asking") return null;
  if (now.is === "out") return <SignIn wasIn={now.wasIn} />;
  if (now.is === "failed")
    return (
      <main class="sign-in">
        <Notice
          isPage
          tone="bad"
          title={
            now.why.code === "offline" || now.why.code === "unavailable"
              ? words.failed.offline
              : words.failed.broken
          }
        >
          <Button onClick={() => void resume()}>{words.failed.again}</Button>
        </Notice>
      </main>
    );
  const asked = (match("/homes/:unitId/meters/:meterId") ?? match("/homes/:unitId"))?.["unitId"];
  const home = now.me.homes.find(({ unit_id: unitId }) => unitId === asked) ?? now.me.homes[0];
  if (home === undefined)
    return (
      <div class="frame">
        <header class="top-bar">
          <span class="top-bar-brand">Riser</span>
          <SettingsMenu />
        </header>
        <main class="content">
          <Notice isPage title={words.home.noHomes} text={words.home.noHomesText} />
        </main>
      </div>
    );
  return <OpenHome key={home.unit_id} me={now.me} home={home} beside={beside?.(home)} />;
}
