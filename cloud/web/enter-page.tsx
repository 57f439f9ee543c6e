/** `enter-page`: a mailed link that signs in once, by a press: programs that look through mails press nothing. */
import { useState } from "preact/hooks";
import { post } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { go } from "#shared/web/place.ts";
import { Entrance } from "./entrance.tsx";
import { resume } from "./session.ts";
import { speech } from "./speech.ts";
import { takeToken } from "./taken-token.ts";

export function EnterPage() {
  const { wayIn, signIn } = speech.words;
  const [token] = useState(takeToken);
  const [trouble, setTrouble] = useState("");
  const enter = async () => {
    const answer = await post("/sign-in/by-link", { token });
    if (!answer.ok)
      return setTrouble(answer.why.code === "forbidden" ? signIn.disabled : wayIn.used);
    go("/", "replace");
    await resume();
  };
  return (
    <Entrance title={signIn.title} lead={wayIn.enterLead}>
      <div class="entrance-form">
        <p class="entrance-trouble" role="alert">
          {trouble}
        </p>
        <Button weight="main" onClick={() => void enter()}>
          {signIn.button}
        </Button>
        <p>
          <a href="/forgotten">{wayIn.forgottenTitle}</a>
        </p>
      </div>
    </Entrance>
  );
}
