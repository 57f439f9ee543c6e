/** `forgotten-page`: a link by mail, to choose another password or to sign in once. Says the same to everybody. */
import { useState } from "preact/hooks";
import { post } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { language } from "#shared/web/language.ts";
import { waitText } from "#shared/web/moments.ts";
import { Entrance } from "./entrance.tsx";
import { speech } from "./speech.ts";

export function ForgottenPage() {
  const { wayIn, signIn, setup, failed } = speech.words;
  const [email, setEmail] = useState("");
  const [isSent, setIsSent] = useState(false);
  const [trouble, setTrouble] = useState("");
  const ask = async (path: "/sign-in/forgotten" | "/sign-in/link") => {
    setTrouble("");
    if (!/^[^\s@]+@[^\s@]+$/.test(email.trim())) return setTrouble(setup.badEmail);
    const answer = await post(path, { email: email.trim() });
    if (answer.ok) return setIsSent(true);
    const { code, retryAfterMs = 60_000 } = answer.why;
    setTrouble(
      code === "too_many"
        ? signIn.tooMany(waitText(retryAfterMs, language.value))
        : code === "offline" || code === "unavailable"
          ? failed.offline
          : failed.broken,
    );
  };
  if (isSent)
    return (
      <Entrance title={wayIn.sentTitle} lead={wayIn.sent}>
        <p>
          <a href="/">{setup.toSignIn}</a>
        </p>
      </Entrance>
    );
  return (
    <Entrance title={wayIn.forgottenTitle} lead={wayIn.forgottenLead}>
      <form
        class="entrance-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void ask("/sign-in/forgotten");
        }}
      >
        <TextField
          label={signIn.email}
          value={email}
          change={setEmail}
          type="email"
          name="email"
          autocomplete="username"
          required
          autofocus
        />
        <p class="entrance-trouble" role="alert">
          {trouble}
        </p>
        <Button weight="main" type="submit">
          {wayIn.mailPassword}
        </Button>
        <Button type="button" onClick={() => void ask("/sign-in/link")}>
          {wayIn.mailLink}
        </Button>
      </form>
      <p>
        <a href="/activate">{wayIn.haveCode}</a>
      </p>
      <p>
        <a href="/">{setup.toSignIn}</a>
      </p>
    </Entrance>
  );
}
