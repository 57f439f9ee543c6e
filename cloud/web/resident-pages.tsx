/**
 * `resident-pages`: the residents' pages on the hub: the same as on their gateway, signed in by the
 * hub's own sign-in.
 */
import { useEffect, useState } from "preact/hooks";
import type { Me } from "#shared/api/resident.ts";
import { get } from "#shared/web/api-client.ts";
import { ResidentApp } from "#shared/web/resident/resident-app.tsx";
import { session as resident, welcome } from "#shared/web/resident/session.ts";
import { speech as residentSpeech } from "#shared/web/resident/speech.ts";
import { language } from "#shared/web/language.ts";
import { resume } from "./session.ts";

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
  const isOut = resident.value.is === "out";
  // Signed out there is signed out here: the hub's own sign-in is shown.
  useEffect(() => {
    if (isReady && isOut) void resume();
  }, [isReady, isOut]);
  return isReady && !isOut ? <ResidentApp /> : null;
}
