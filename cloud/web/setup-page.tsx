/** `setup-page`: the first administrator, by a link that works once. */
import { useEffect, useState } from "preact/hooks";
import { get } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { go } from "#shared/web/place.ts";
import { Entrance } from "./entrance.tsx";
import { setUp } from "./session.ts";
import { speech } from "./speech.ts";
import { takeToken } from "./taken-token.ts";

const LEAST = 12;
const empty = {
  organization: "",
  firstName: "",
  lastName: "",
  email: "",
  password: "",
  repeat: "",
};

export function SetupPage() {
  const { words } = speech;
  const [token] = useState(takeToken);
  const [link, setLink] = useState<"asking" | "good" | "used" | "offline">(
    token === "" ? "used" : "asking",
  );
  const [fields, setFields] = useState(empty);
  const [isShown, setIsShown] = useState(false);
  const [wasTried, setWasTried] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [trouble, setTrouble] = useState("");

  useEffect(() => {
    if (token === "") return;
    void get<{ is_valid: boolean }>(`/setup/${encodeURIComponent(token)}`).then((answer) => {
      const isAway = !answer.ok && answer.why.code !== "not_found" && answer.why.code !== "invalid";
      setLink(isAway ? "offline" : answer.ok && answer.value.is_valid ? "good" : "used");
    });
  }, [token]);

  if (link === "asking") return null;
  if (link !== "good")
    return (
      <Entrance
        title={link === "used" ? words.setup.usedTitle : words.setup.title}
        lead={link === "used" ? words.setup.used : words.failed.offline}
      >
        <div class="entrance-form">
          <Button weight="main" onClick={() => go("/", "replace")}>
            {words.setup.toSignIn}
          </Button>
        </div>
      </Entrance>
    );

  const { setup } = words;
  const length = fields.password.length;
  const troubles = {
    organization: fields.organization.trim() === "" ? setup.fill : undefined,
    firstName: fields.firstName.trim() === "" ? setup.fill : undefined,
    lastName: fields.lastName.trim() === "" ? setup.fill : undefined,
    email:
      fields.email.trim() === ""
        ? setup.fill
        : /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(fields.email.trim())
          ? undefined
          : setup.badEmail,
    password: length < LEAST ? setup.missing(LEAST - length) : undefined,
    repeat: fields.repeat === fields.password ? undefined : setup.differs,
  };
  const told = (name: keyof typeof troubles) => (wasTried ? troubles[name] : undefined);
  const field = (name: keyof typeof fields) => ({
    value: fields[name],
    change: (value: string) => setFields((before) => ({ ...before, [name]: value })),
    trouble: told(name),
    name,
    required: true,
  });
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setWasTried(true);
    const wrong = Object.entries(troubles).find(([, trouble]) => trouble !== undefined);
    if (wrong !== undefined) {
      const form = event.currentTarget as HTMLFormElement;
      return form.querySelector<HTMLInputElement>(`[name="${wrong[0]}"]`)?.focus();
    }
    setTrouble("");
    setIsBusy(true);
    const { organization, firstName, lastName, email, password } = fields;
    const { timeZone: zone } = Intl.DateTimeFormat().resolvedOptions();
    const why = await setUp({
      token,
      organization: organization.trim(),
      first_name: firstName.trim(),
      last_name: lastName.trim(),
      email: email.trim(),
      password,
      // The operator's own; another one is chosen among the organization's settings.
      ...(zone === "Etc/Unknown" ? {} : { zone }),
    });
    setIsBusy(false);
    if (why === undefined) return;
    if (why.code === "not_found") setLink("used");
    else if (why.code === "invalid") setTrouble(setup.refused);
    else setTrouble(why.code === "offline" ? words.failed.offline : words.failed.broken);
  };
  return (
    <Entrance title={setup.title} lead={setup.lead}>
      <form class="entrance-form" onSubmit={submit} noValidate>
        <TextField
          {...field("organization")}
          label={setup.organization}
          hint={setup.organizationHint}
          autocomplete="organization"
        />
        <div class="entrance-pair">
          <TextField {...field("firstName")} label={setup.firstName} autocomplete="given-name" />
          <TextField {...field("lastName")} label={setup.lastName} autocomplete="family-name" />
        </div>
        <TextField {...field("email")} label={setup.email} type="email" autocomplete="username" />
        <TextField
          {...field("password")}
          label={setup.password}
          hint={setup.passwordHint}
          type={isShown ? "text" : "password"}
          autocomplete="new-password"
          trouble={
            told("password") ??
            (length > 0 && length < LEAST ? setup.missing(LEAST - length) : undefined)
          }
        />
        <TextField
          {...field("repeat")}
          label={setup.repeat}
          type={isShown ? "text" : "password"}
          autocomplete="new-password"
        />
        <label class="entrance-tick">
          <input
            type="checkbox"
            checked={isShown}
            onChange={({ currentTarget }) => setIsShown(currentTarget.checked)}
          />
          {setup.show}
        </label>
        <p class="entrance-trouble" role="alert">
          {trouble}
        </p>
        <Button weight="main" type="submit" aria-disabled={isBusy}>
          {isBusy ? setup.busy : setup.button}
        </Button>
      </form>
    </Entrance>
  );
}
