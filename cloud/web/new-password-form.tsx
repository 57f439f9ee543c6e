/** `new-password-form`: a password chosen and typed twice; says what is missing while one types. */
import { useState } from "preact/hooks";
import { Button } from "#shared/web/components/button.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import type { Refusal } from "#shared/web/api-client.ts";
import { speech } from "./speech.ts";

const LEAST = 12;

export interface NewPasswordFormProps {
  /** For password managers: whose it is. */
  readonly email: string;
  readonly button: string;
  /** Whether it is what the page is for, and takes the first letters that are typed. */
  readonly isAlone?: boolean;
  /** Keeps it; what went wrong, or nothing. */
  readonly choose: (password: string) => Promise<Refusal | undefined>;
}

export function NewPasswordForm(props: NewPasswordFormProps) {
  const { email, button, isAlone = true, choose } = props;
  const { setup, wayIn, failed, profile } = speech.words;
  const [fields, setFields] = useState({ password: "", repeat: "" });
  const [wasTried, setWasTried] = useState(false);
  const [isShown, setIsShown] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const missing = LEAST - fields.password.length;
  const differs = fields.repeat !== fields.password;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setWasTried(true);
    if (missing > 0 || differs) {
      const form = event.currentTarget as HTMLFormElement;
      const name = missing > 0 ? "password" : "repeat";
      return form.querySelector<HTMLInputElement>(`[name="${name}"]`)?.focus();
    }
    setTrouble("");
    setIsBusy(true);
    const why = await choose(fields.password);
    setIsBusy(false);
    if (why === undefined) return;
    setTrouble(
      why.code === "invalid"
        ? why.fields?.includes("old") === true
          ? profile.badPassword
          : wayIn.weak
        : why.code === "not_found"
          ? wayIn.used
          : why.code === "offline" || why.code === "unavailable"
            ? failed.offline
            : why.code === "forbidden"
              ? speech.words.signIn.disabled
              : failed.broken,
    );
  };
  return (
    <form class="entrance-form" onSubmit={submit} noValidate>
      <input type="text" autocomplete="username" value={email} readOnly hidden />
      <TextField
        label={wayIn.password}
        hint={setup.passwordHint}
        value={fields.password}
        change={(password) => setFields((before) => ({ ...before, password }))}
        type={isShown ? "text" : "password"}
        name="password"
        autocomplete="new-password"
        trouble={
          missing > 0 && (wasTried || fields.password !== "") ? setup.missing(missing) : undefined
        }
        required
        autofocus={isAlone}
      />
      <TextField
        label={setup.repeat}
        value={fields.repeat}
        change={(repeat) => setFields((before) => ({ ...before, repeat }))}
        type={isShown ? "text" : "password"}
        name="repeat"
        autocomplete="new-password"
        trouble={wasTried && differs ? setup.differs : undefined}
        required
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
        {isBusy ? speech.words.signIn.busy : button}
      </Button>
    </form>
  );
}
