/**
 * `resident-pages`: the residents' pages on the hub: the same as on their gateway, signed in by the
 * hub's own sign-in; and what only the hub has: their household, and the sign-in itself.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Me } from "#shared/api/resident.ts";
import { get, serverNow } from "#shared/web/api-client.ts";
import { ResidentApp } from "#shared/web/resident/resident-app.tsx";
import { homeLink } from "#shared/web/resident/links.ts";
import { session as resident, welcome, type Home } from "#shared/web/resident/session.ts";
import { speech as residentSpeech } from "#shared/web/resident/speech.ts";
import { language } from "#shared/web/language.ts";
import { match, path } from "#shared/web/place.ts";
import { HouseholdPage } from "./household-page.tsx";
import { ProfilePage } from "./profile-page.tsx";
import { resume, session } from "./session.ts";
import { speech } from "./speech.ts";

export function ResidentPages() {
  const [isReady, setIsReady] = useState(false);
  useEffect(() => {
    void (async () => {
      await residentSpeech.speak(language.value);
      const answer = await get<Me>("/me/homes");
      if (answer.ok) await welcome(answer.value);
      else resident.value = { is: "failed", why: answer.why };
      setIsReady(true);
    })();
  }, []);
  const now = resident.value;
  const isOut = now.is === "out";
  // Signed out there is signed out here: the hub's own sign-in is shown.
  useEffect(() => {
    if (isReady && isOut) void resume();
  }, [isReady, isOut]);
  // Another language chosen there is spoken here too.
  useEffect(() => void speech.speak(language.value), [language.value]);
  if (!isReady || isOut) return null;
  const homes = now.is === "in" ? now.me.homes : [];
  const unitId = match("/homes/:unitId/household")?.["unitId"];
  const home = homes.find((one) => one.unit_id === unitId);
  if (home !== undefined)
    return (
      <Own back={homeLink(home.unit_id)}>
        <HouseholdPage unitId={home.unit_id} name={home.name} />
      </Own>
    );
  if (path.value === "/profile")
    return (
      <Own back="/">
        <ProfilePage />
      </Own>
    );
  return <ResidentApp beside={beside} />;
}

function Own({ back, children }: { readonly back: string; readonly children: ComponentChildren }) {
  return (
    <div class="frame">
      <main class="content">
        <a class="own-back" href={back}>
          {speech.words.profile.back}
        </a>
        {children}
      </main>
    </div>
  );
}

/** Not for who assists: what is a person's alone is not shown in their name. */
function beside(home: Home): ComponentChildren {
  const now = session.value;
  if (now.is !== "in" || now.operator.assistance !== null) return null;
  const { profile, household } = speech.words;
  return (
    <nav class="own-links" aria-label={profile.yours}>
      {(home.to === undefined || home.to > new Date(serverNow()).toISOString().slice(0, 10)) && (
        <a href={`${homeLink(home.unit_id)}/household`}>{household.title}</a>
      )}
      <a href="/profile">{profile.title}</a>
    </nav>
  );
}
