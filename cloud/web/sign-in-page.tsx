/** `sign-in-page`: e-mail and password. */
import { useEffect, useState } from "preact/hooks";
import { get, post } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { language } from "#shared/web/language.ts";
import { waitText } from "#shared/web/moments.ts";
import { Entrance } from "./entrance.tsx";
import { signIn } from "./session.ts";
import { speech } from "./speech.ts";

interface Provider {
  readonly id: string;
  readonly name: string;
}

/** What went wrong where another provider led back from, in words. */
function cameBack(): string {
  const reason = new URLSearchParams(location.hash.slice(1)).get("sign-in");
  if (reason === null) return "";
  history.replaceState(null, "", location.pathname);
  const { wayIn, signIn: said } = speech.words;
  const told = { unknown: wayIn.unknown, several: wayIn.several, disabled: said.disabled };
  return told[reason as keyof typeof told] ?? wayIn.failed;
}

export function SignInPage({ wasIn }: { readonly wasIn: boolean }) {
  const { words } = speech;
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [trouble, setTrouble] = useState(cameBack);
  const [providers, setProviders] = useState<readonly Provider[]>([]);
  useEffect(() => {
    void get<Provider[]>("/sign-in/providers").then((answer) => {
      if (answer.ok) setProviders(answer.value);
    });
  }, []);
  const byProvider = async (provider: string) => {
    const answer = await post<{ url: string }>("/sign-in/oidc", { provider });
    if (answer.ok) location.assign(answer.value.url);
    else setTrouble(words.wayIn.failed);
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setTrouble("");
    setIsBusy(true);
    const why = await signIn({ email: email.trim(), password });
    setIsBusy(false);
    if (why === undefined) return;
    setPassword("");
    if (why.code === "too_many")
      setTrouble(words.signIn.tooMany(waitText(why.retryAfterMs ?? 60_000, language.value)));
    else if (why.code === "unauthorized" || why.code === "invalid") setTrouble(words.signIn.wrong);
    else if (why.code === "forbidden") setTrouble(words.signIn.disabled);
    else
      setTrouble(
        why.code === "offline" || why.code === "unavailable"
          ? words.failed.offline
          : words.failed.broken,
      );
  };
  return (
    <Entrance title={words.signIn.title} lead={wasIn ? words.signIn.signedOut : undefined}>
      <form class="entrance-form" onSubmit={submit}>
        <TextField
          label={words.signIn.email}
          value={email}
          change={setEmail}
          type="email"
          name="email"
          autocomplete="username"
          required
          autofocus
        />
        <TextField
          label={words.signIn.password}
          value={password}
          change={setPassword}
          type="password"
          name="password"
          autocomplete="current-password"
          required
        />
        <p class="entrance-trouble" role="alert">
          {trouble}
        </p>
        <Button weight="main" type="submit" aria-disabled={isBusy}>
          {isBusy ? words.signIn.busy : words.signIn.button}
        </Button>
      </form>
      {providers.map(({ id, name }) => (
        <Button key={id} onClick={() => void byProvider(id)}>
          {words.wayIn.otherWay(name)}
        </Button>
      ))}
      <p>
        <a href="/forgotten">{words.signIn.forgotTitle}</a>
      </p>
    </Entrance>
  );
}
