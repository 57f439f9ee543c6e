/** `must-change-page`: a password that somebody else chose is replaced before anything else is seen. */
import { useState } from "preact/hooks";
import { put } from "#shared/web/api-client.ts";
import { TextField } from "#shared/web/components/text-field.tsx";
import { Entrance } from "./entrance.tsx";
import { NewPasswordForm } from "./new-password-form.tsx";
import { resume, session } from "./session.ts";
import { speech } from "./speech.ts";

export function MustChangePage() {
  const { wayIn } = speech.words;
  const now = session.value;
  const [old, setOld] = useState("");
  const email = now.is === "in" ? (now.operator.email ?? "") : "";
  return (
    <Entrance title={wayIn.newPassword} lead={wayIn.mustChange}>
      <div class="entrance-form">
        <TextField
          label={wayIn.oldPassword}
          value={old}
          change={setOld}
          type="password"
          name="old"
          autocomplete="current-password"
          required
        />
      </div>
      <NewPasswordForm
        email={email}
        button={wayIn.choose}
        choose={async (password) => {
          const answer = await put("/me/password", { old, password });
          if (!answer.ok) return answer.why;
          await resume();
          return undefined;
        }}
      />
    </Entrance>
  );
}
