/** `confirm-page`: where the link leads that was mailed to a new address: it is confirmed by a press. */
import { useEffect, useState } from "preact/hooks";
import type { NextEmailLook } from "#shared/api/admin.ts";
import { post } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { chosenLanguage } from "#shared/web/language.ts";
import { Entrance } from "./entrance.tsx";
import { speech } from "./speech.ts";
import { takeToken } from "./taken-token.ts";

type Link =
  | { readonly is: "asking" }
  | { readonly is: "used" }
  | { readonly is: "offline" }
  | { readonly is: "good" | "taken" | "done"; readonly look: NextEmailLook };

export function ConfirmPage() {
  const { wayIn, setup, failed, signIn } = speech.words;
  const [token] = useState(takeToken);
  const [link, setLink] = useState<Link>({ is: "asking" });
  const look = async () => {
    const answer = await post<NextEmailLook>("/email/look", { token });
    if (answer.ok) {
      if (chosenLanguage() === undefined) await speech.speak(answer.value.language);
      setLink({ is: answer.value.is_taken ? "taken" : "good", look: answer.value });
    } else {
      const isUsed = answer.why.code === "not_found" || answer.why.code === "invalid";
      setLink({ is: isUsed ? "used" : "offline" });
    }
  };
  useEffect(() => void look(), []);
  const toSignIn = (
    <p>
      <a href="/">{setup.toSignIn}</a>
    </p>
  );
  if (link.is === "asking") return null;
  if (link.is === "used")
    return (
      <Entrance title={wayIn.usedTitle} lead={wayIn.askAgain}>
        {toSignIn}
      </Entrance>
    );
  if (link.is === "offline")
    return (
      <Entrance title={wayIn.confirmTitle} lead={failed.offline}>
        <Button onClick={() => void look()}>{failed.again}</Button>
      </Entrance>
    );
  const { look: known } = link;
  const { email, first_name: firstName, organization } = known;
  if (link.is === "done")
    return (
      <Entrance title={wayIn.confirmedTitle} lead={wayIn.confirmed(email)}>
        {toSignIn}
      </Entrance>
    );
  if (link.is === "taken")
    return (
      <Entrance title={wayIn.confirmTitle} lead={wayIn.confirmTaken(email)}>
        {toSignIn}
      </Entrance>
    );
  return (
    <Confirming
      lead={wayIn.confirmLead(email, firstName, organization)}
      confirm={async () => {
        const answer = await post("/email", { token });
        if (answer.ok) setLink({ is: "done", look: known });
        else if (answer.why.code === "conflict") setLink({ is: "taken", look: known });
        else if (answer.why.code === "forbidden") return signIn.disabled;
        else if (answer.why.code === "not_found") setLink({ is: "used" });
        else return failed.offline;
        return "";
      }}
    />
  );
}

/** @param confirm says what went wrong, or nothing */
function Confirming({ lead, confirm }: { readonly lead: string; confirm(): Promise<string> }) {
  const { wayIn } = speech.words;
  const [trouble, setTrouble] = useState("");
  return (
    <Entrance title={wayIn.confirmTitle} lead={lead}>
      <div class="entrance-form">
        <p class="entrance-trouble" role="alert">
          {trouble}
        </p>
        <Button weight="main" onClick={async () => setTrouble(await confirm())}>
          {wayIn.confirm}
        </Button>
        <p class="muted">{wayIn.confirmNot}</p>
      </div>
    </Entrance>
  );
}
