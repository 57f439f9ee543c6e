/** `profile-page`: one's own sign-in: the address it goes by, another one that waits to be confirmed, the password. */
import { useState } from "preact/hooks";
import type { Profile } from "#shared/api/profile.ts";
import { get, put, remove, type Refusal } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { useAnswer } from "#shared/web/components/use-answer.ts";
import { language } from "#shared/web/language.ts";
import { waitText } from "#shared/web/moments.ts";
import { NewPasswordForm } from "./new-password-form.tsx";
import { Refused } from "./refused.tsx";
import { speech } from "./speech.ts";

export function ProfilePage() {
  const { profile: words } = speech.words;
  const { value: profile, why, reload } = useAnswer<Profile>("/me/profile", get);
  if (profile === undefined)
    return why === undefined ? null : <Refused isPage why={why} again={reload} />;
  return (
    <div class="own">
      <header class="own-head">
        <h1>{words.title}</h1>
        {profile.email !== null && <p class="muted">{words.goesBy(profile.email)}</p>}
      </header>
      <section class="own-part">
        <h2>{words.otherEmail}</h2>
        {profile.next_email === null ? (
          <OtherEmail profile={profile} asked={reload} />
        ) : (
          <Waiting email={profile.next_email} done={reload} />
        )}
      </section>
      {profile.email !== null && (
        <OtherPassword key={String(profile.has_password)} profile={profile} changed={reload} />
      )}
    </div>
  );
}

/** What the hub said, in words; `fields` has those of a form. */
function troubleOf(why: Refusal, fields: Readonly<Record<string, string>> = {}): string {
  const { signIn, failed } = speech.words;
  const said = why.fields?.map((name) => fields[name]).find((text) => text !== undefined);
  if (said !== undefined) return said;
  if (why.code === "too_many")
    return signIn.tooMany(waitText(why.retryAfterMs ?? 60_000, language.value));
  return why.code === "offline" || why.code === "unavailable" ? failed.offline : failed.broken;
}

function OtherEmail({ profile, asked }: { readonly profile: Profile; asked(): void }) {
  const { profile: words, setup } = speech.words;
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [trouble, setTrouble] = useState("");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!/^[^\s@]+@[^\s@]+$/.test(email.trim())) return setTrouble(setup.badEmail);
    const answer = await put("/me/email", { email: email.trim(), password });
    if (answer.ok) return asked();
    setTrouble(troubleOf(answer.why, { password: words.badPassword, email: words.badEmail }));
  };
  return (
    <form class="own-form" onSubmit={submit} noValidate>
      <TextField
        label={setup.email}
        hint={words.otherEmailHint}
        value={email}
        change={setEmail}
        type="email"
        name="email"
        autocomplete="email"
        required
      />
      {profile.has_password && (
        <TextField
          label={words.password}
          value={password}
          change={setPassword}
          type="password"
          name="password"
          autocomplete="current-password"
          required
        />
      )}
      <p class="own-trouble" role="alert">
        {trouble}
      </p>
      <Button weight="main" type="submit">
        {words.sendLink}
      </Button>
    </form>
  );
}

function Waiting({ email, done }: { readonly email: string; done(): void }) {
  const { profile: words } = speech.words;
  const [trouble, setTrouble] = useState("");
  const takeBack = async () => {
    const answer = await remove("/me/email");
    // It may have been confirmed or be over meanwhile: what there is now is shown.
    if (answer.ok || answer.why.code === "not_found") return done();
    setTrouble(troubleOf(answer.why));
  };
  return (
    <div class="own-band">
      <p>{words.waiting(email)}</p>
      <Button onClick={() => void takeBack()}>{words.takeBack}</Button>
      <p class="own-trouble" role="alert">
        {trouble}
      </p>
    </div>
  );
}

function OtherPassword({ profile, changed }: { readonly profile: Profile; changed(): void }) {
  const { profile: words, wayIn } = speech.words;
  const [old, setOld] = useState("");
  const [isChanged, setIsChanged] = useState(false);
  return (
    <section class="own-part">
      <h2>{words.otherPassword}</h2>
      {isChanged ? (
        <p role="status">{words.passwordChanged}</p>
      ) : (
        <div>
          {profile.has_password && (
            <TextField
              label={words.password}
              value={old}
              change={setOld}
              type="password"
              name="old"
              autocomplete="current-password"
              required
            />
          )}
          <NewPasswordForm
            email={profile.email ?? ""}
            button={wayIn.choose}
            isAlone={false}
            choose={async (password) => {
              const answer = await put("/me/password", { old, password });
              if (!answer.ok) return answer.why;
              setIsChanged(true);
              changed();
              return undefined;
            }}
          />
        </div>
      )}
    </section>
  );
}
