/** `assistance-band`: over the whole page, while one sees what somebody else sees: whom, why, until when, and the way out. */
import type { Operator } from "#shared/api/admin.ts";
import { post, serverNow } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { resume } from "./session.ts";
import { speech } from "./speech.ts";
import "./assistance-band.css";

export function AssistanceBand({ operator }: { readonly operator: Operator }) {
  const { assistance, first_name: firstName, last_name: lastName } = operator;
  if (assistance === null) return null;
  const { wayIn } = speech.words;
  const minutes = Math.max(
    0,
    Math.ceil((Date.parse(assistance.expires_at) - serverNow()) / 60_000),
  );
  const stop = async () => {
    await post("/assistance/stop");
    await resume();
  };
  return (
    <aside class="assistance-band" aria-label={wayIn.assistance}>
      <p>
        {wayIn.youSee(`${firstName} ${lastName}`.trim(), assistance.reason)}
        {" · "}
        {assistance.may_change ? wayIn.fullControl : wayIn.readOnly}
        {" · "}
        {wayIn.minutesLeft(minutes)}
      </p>
      <Button onClick={() => void stop()}>{wayIn.stop}</Button>
    </aside>
  );
}
