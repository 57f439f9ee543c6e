/**
 * `activate-page`: where an invitation, a forgotten password and a handed-over code lead: a password
 * is chosen, another provider is taken, or the invitation is accepted as who one is already.
 */
import { useEffect, useState } from "preact/hooks";
import type { ActivationLook } from "#shared/api/admin.ts";
import { get, post } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { chosenLanguage } from "#shared/web/language.ts";
import { go } from "#shared/web/place.ts";
import { Entrance } from "./entrance.tsx";
import { NewPasswordForm } from "./new-password-form.tsx";
import { resume } from "./session.ts";
import { speech } from "./speech.ts";
import { takeToken } from "./taken-token.ts";

type Link = { readonly is: "asking" | "none" | "used" | "offline" } | Good;
type Good = { readonly is: "good"; readonly token: string; readonly look: ActivationLook };

export function ActivatePage() {
  const [token] = useState(takeToken);
  const [link, setLink] = useState<Link>({ is: token === "" ? "none" : "asking" });
  const look = async (wanted: string) => {
    const answer = await post<ActivationLook>("/activation/look", { token: wanted });
    if (answer.ok) {
      if (chosenLanguage() === undefined) await speech.speak(answer.value.language);
      setLink({ is: "good", token: wanted, look: answer.value });
    } else {
      const isUsed = answer.why.code === "not_found" || answer.why.code === "invalid";
      setLink({ is: isUsed ? "used" : "offline" });
    }
  };
  useEffect(() => {
    if (token !== "") void look(token);
  }, [token]);
  const { wayIn, failed } = speech.words;
  if (link.is === "asking") return null;
  if (link.is === "good") return <Choosing {...link} />;
  const lead = { none: wayIn.codeLead, used: wayIn.used, offline: failed.offline }[link.is];
  return (
    <Entrance title={link.is === "used" ? wayIn.usedTitle : wayIn.codeTitle} lead={lead}>
      <CodeForm found={look} />
      <p>
        <a href="/forgotten">{wayIn.forgottenTitle}</a>
      </p>
    </Entrance>
  );
}

/** For a code that was handed over on paper or by word. */
function CodeForm({ found }: { readonly found: (code: string) => Promise<void> }) {
  const { wayIn } = speech.words;
  const [code, setCode] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (code.trim() !== "") void found(code.trim());
  };
  return (
    <form class="entrance-form" onSubmit={submit}>
      <TextField
        label={wayIn.code}
        hint={wayIn.codeHint}
        value={code}
        change={setCode}
        name="code"
        autocomplete="one-time-code"
        required
      />
      <Button weight="main" type="submit">
        {wayIn.on}
      </Button>
    </form>
  );
}

function Choosing({ token, look }: Good) {
  const { wayIn } = speech.words;
  const { organization, email } = look;
  if (look.needs === "sign-in") return <Accepting token={token} look={look} />;
  const title = look.purpose === "activate" ? wayIn.welcome : wayIn.newPassword;
  const byProvider = async (provider: string) => {
    const answer = await post<{ url: string }>("/sign-in/oidc", { provider, token });
    if (answer.ok) location.assign(answer.value.url);
  };
  return (
    <Entrance title={title} lead={wayIn.chooseFor(organization, email ?? "")}>
      <NewPasswordForm
        email={email ?? ""}
        button={wayIn.choose}
        choose={async (password) => {
          const answer = await post("/activation", { token, password });
          if (!answer.ok) return answer.why;
          go("/", "replace");
          await resume();
          return undefined;
        }}
      />
      {look.purpose === "activate" && <p>{wayIn.knownAlready}</p>}
      {look.purpose === "activate" &&
        look.providers.map(({ id, name }) => (
          <Button key={id} onClick={() => void byProvider(id)}>
            {wayIn.by(name)}
          </Button>
        ))}
    </Entrance>
  );
}

/** The address has a sign-in already: whoever is signed in with it accepts, the others sign in first. */
function Accepting({ token, look }: Pick<Good, "token" | "look">) {
  const { wayIn, signIn } = speech.words;
  const [isIn, setIsIn] = useState<boolean>();
  const [password, setPassword] = useState("");
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    void get<{ email: string | null }>("/me").then((answer) =>
      setIsIn(answer.ok && answer.value.email?.toLowerCase() === look.email?.toLowerCase()),
    );
  }, [look.email]);
  if (isIn === undefined) return null;
  const accept = async (event: SubmitEvent) => {
    event.preventDefault();
    setTrouble("");
    if (!isIn) {
      const entered = await post("/sign-in", { email: look.email ?? "", password });
      if (!entered.ok) return setTrouble(signIn.wrong);
    }
    const answer = await post("/activation/accept", { token });
    if (!answer.ok) return setTrouble(wayIn.used);
    go("/", "replace");
    await resume();
  };
  return (
    <Entrance title={wayIn.welcome} lead={wayIn.acceptFor(look.organization, look.email ?? "")}>
      <form class="entrance-form" onSubmit={accept}>
        {!isIn && (
          <TextField
            label={signIn.password}
            value={password}
            change={setPassword}
            type="password"
            name="password"
            autocomplete="current-password"
            required
            autofocus
          />
        )}
        <p class="entrance-trouble" role="alert">
          {trouble}
        </p>
        <Button weight="main" type="submit">
          {wayIn.accept}
        </Button>
      </form>
    </Entrance>
  );
}
