/**
 * `typed-confirmation`: asks for a name to be typed before what cannot be taken back. The dangerous button
 * is never the one that Enter presses by itself: it waits for the name.
 */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Answer } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { Dialog } from "#shared/web/components/dialog.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { speech } from "./speech.ts";

export interface TypedConfirmationProps {
  readonly title: string;
  /** What has to be typed, and the words that ask for it. */
  readonly name: string;
  readonly ask: string;
  readonly button: string;
  readonly busy: string;
  /** False while something else stands in the way. */
  readonly mayGo?: boolean;
  /** Does it; gets what was typed. */
  act(typed: string): Promise<Answer<unknown>>;
  done(): void;
  close(): void;
  /** What happens then. */
  readonly children: ComponentChildren;
}

export function TypedConfirmation(props: TypedConfirmationProps) {
  const { title, name, ask, button, busy, mayGo = true, act, done, close, children } = props;
  const { words } = speech;
  const [typed, setTyped] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const isReady = mayGo && typed.trim() === name.trim() && !isBusy;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!isReady) return;
    setIsBusy(true);
    const answer = await act(typed);
    setIsBusy(false);
    if (answer.ok) {
      done();
      close();
    } else setFailure(answer.why.code === "offline" ? words.failed.offline : words.failed.broken);
  };
  return (
    <Dialog title={title} closeText={words.frame.close} close={close}>
      <form class="new-community" onSubmit={submit} noValidate>
        {children}
        <TextField name="confirm" label={ask} value={typed} change={setTyped} autocomplete="off" />
        <p class="text-field-trouble" role="alert">
          {failure}
        </p>
        <div class="dialog-actions">
          <Button onClick={close}>{words.deletion.cancel}</Button>
          <Button weight="main" type="submit" aria-disabled={!isReady} disabled={!isReady}>
            {isBusy ? busy : button}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
