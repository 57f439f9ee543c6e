/** `sign-in`: the way in with an access code from a letter: typed, pasted or scanned. */
import { useEffect, useState } from "preact/hooks";
import type { Language } from "#shared/api/resident.ts";
import { codeInFragment, codeLength } from "../access-code.ts";
import type { Refusal } from "../api-client.ts";
import { Button } from "../components/button.tsx";
import { language, languageNames } from "../language.ts";
import { waitText } from "../moments.ts";
import { CodeField } from "./code-field.tsx";
import { signIn } from "./session.ts";
import { speech } from "./speech.ts";
import "./sign-in.css";

/** The code a letter's QR brought, taken out of the address so that it stays in no history. */
function takeScannedCode(): string {
  const code = codeInFragment(location.hash);
  if (location.hash !== "") history.replaceState(null, "", location.pathname + location.search);
  return code;
}

export function SignIn({ wasIn }: { readonly wasIn: boolean }) {
  const { words } = speech;
  const [code, setCode] = useState(takeScannedCode);
  const [isBusy, setIsBusy] = useState(false);
  const [trouble, setTrouble] = useState<{ text: string; isWrong: boolean }>();
  const [blockedUntilMs, setBlockedUntilMs] = useState(0);
  const left = useCountdown(blockedUntilMs);

  useEffect(() => {
    const scanned = () => {
      const found = takeScannedCode();
      if (found !== "") setCode(found);
    };
    addEventListener("hashchange", scanned);
    return () => removeEventListener("hashchange", scanned);
  }, []);

  const refused = (why: Refusal) => {
    if (why.code === "too_many")
      return setBlockedUntilMs(Date.now() + (why.retryAfterMs ?? 60_000));
    const text =
      why.code === "unauthorized" || why.code === "invalid" || why.code === "not_found"
        ? words.signIn.wrong
        : why.code === "forbidden"
          ? words.signIn.disabled
          : why.code === "offline" || why.code === "unavailable"
            ? words.failed.offline
            : words.failed.broken;
    setTrouble({ text, isWrong: text === words.signIn.wrong });
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy || left > 0) return;
    if (code.length < codeLength)
      return setTrouble({ text: words.signIn.missing(codeLength - code.length), isWrong: true });
    setTrouble(undefined);
    setIsBusy(true);
    const why = await signIn(code);
    setIsBusy(false);
    if (why !== undefined) refused(why);
  };
  const said = left > 0 ? words.signIn.tooMany(waitText(left, language.value)) : trouble?.text;

  return (
    <main class="sign-in">
      <div class="sign-in-mark" aria-hidden="true" />
      <h1>{words.signIn.title}</h1>
      <p class="sign-in-lead">{wasIn ? words.failed.signedOut : words.signIn.lead}</p>
      <form class="sign-in-form" onSubmit={submit} noValidate>
        <CodeField
          label={words.signIn.field}
          code={code}
          isWrong={trouble?.isWrong ?? false}
          describedBy="code-hint code-trouble"
          change={(next) => {
            setCode(next);
            setTrouble(undefined);
          }}
        />
        <p id="code-hint" class="tiny muted sign-in-hint">
          {words.signIn.hint}
        </p>
        <p id="code-trouble" class="sign-in-trouble" role="alert">
          {said}
        </p>
        <Button weight="main" type="submit" aria-disabled={isBusy || left > 0}>
          {isBusy ? words.signIn.busy : words.signIn.button}
        </Button>
      </form>
      <div class="sign-in-help">
        <details name="help">
          <summary>{words.signIn.whereTitle}</summary>
          <p>{words.signIn.where}</p>
        </details>
        <details name="help">
          <summary>{words.signIn.withoutTitle}</summary>
          <p>{words.signIn.without}</p>
        </details>
      </div>
      <ul class="sign-in-languages">
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

/** Milliseconds left until a moment, counted down each second; 0 when it is over. */
function useCountdown(untilMs: number): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    setNowMs(Date.now());
    if (untilMs <= Date.now()) return undefined;
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [untilMs]);
  return Math.max(0, untilMs - nowMs);
}
