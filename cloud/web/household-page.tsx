/** `household-page`: whom a resident has let into their home: one more, mailed again, taken back. */
import { useState } from "preact/hooks";
import { get, post, remove, type Refusal } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { Dialog } from "#shared/web/components/dialog.tsx";
import { Notice } from "#shared/web/components/notice.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { useAnswer } from "#shared/web/components/use-answer.ts";
import { language } from "#shared/web/language.ts";
import { waitText } from "#shared/web/moments.ts";
import type { HouseholdMember } from "#shared/api/household.ts";
import { Refused } from "./refused.tsx";
import { speech } from "./speech.ts";

export function HouseholdPage({
  unitId,
  name,
}: {
  readonly unitId: string;
  readonly name: string;
}) {
  const { household: words } = speech.words;
  const path = `/me/homes/${encodeURIComponent(unitId)}/household`;
  const { value: members, why, reload } = useAnswer<HouseholdMember[]>(path, get);
  const [said, setSaid] = useState("");
  const [going, setGoing] = useState<HouseholdMember>();
  if (why?.code === "forbidden") return <Notice isPage title={words.title} text={words.notYours} />;
  if (members === undefined)
    return why === undefined ? null : <Refused isPage why={why} again={reload} />;
  const mailAgain = async (member: HouseholdMember) => {
    const answer = await post(`${path}/${member.id}/invitation`);
    setSaid(answer.ok ? words.mailed(member.first_name) : troubleOf(answer.why));
    // They may have come in meanwhile: what there is now is shown.
    if (!answer.ok) reload();
  };
  return (
    <div class="own">
      <header class="own-head">
        <h1>{words.title}</h1>
        <p class="muted">{name}</p>
        <p>{words.lead}</p>
      </header>
      {members.length > 0 && (
        <ul class="own-people" aria-label={words.title}>
          {members.map((member) => (
            <li key={member.id} class="own-person">
              <div>
                <p>{`${member.first_name} ${member.last_name}`.trim()}</p>
                <p class="small muted">{member.email}</p>
                {!member.has_come && <p class="small muted">{words.notCome}</p>}
              </div>
              <div class="own-acts">
                {!member.has_come && (
                  <Button onClick={() => void mailAgain(member)}>{words.mailAgain}</Button>
                )}
                <Button onClick={() => setGoing(member)}>{words.takeBack}</Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      <p role="status">{said}</p>
      <section class="own-part">
        <h2>{words.oneMore}</h2>
        <OneMore
          key={members.length}
          path={path}
          letIn={(firstName) => {
            setSaid(words.mailed(firstName));
            reload();
          }}
        />
      </section>
      {going && (
        <TakeBack member={going} path={path} done={reload} close={() => setGoing(undefined)} />
      )}
    </div>
  );
}

function troubleOf(why: Refusal): string {
  const { household: words, signIn, failed } = speech.words;
  if (why.code === "conflict")
    return why.fields?.includes("email") === true ? words.already : words.full;
  if (why.code === "too_many")
    return signIn.tooMany(waitText(why.retryAfterMs ?? 600_000, language.value));
  return why.code === "offline" || why.code === "unavailable" ? failed.offline : failed.broken;
}

interface OneMoreProps {
  readonly path: string;
  letIn(firstName: string): void;
}

function OneMore({ path, letIn }: OneMoreProps) {
  const { household: words, setup } = speech.words;
  const [who, setWho] = useState({ first_name: "", last_name: "", email: "" });
  const [wasTried, setWasTried] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const isAddress = /^[^\s@]+@[^\s@]+$/.test(who.email.trim());
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setWasTried(true);
    if (isBusy || who.first_name.trim() === "" || !isAddress) return;
    setIsBusy(true);
    const answer = await post(path, { ...who, email: who.email.trim() });
    setIsBusy(false);
    if (answer.ok) letIn(who.first_name.trim());
    else setTrouble(answer.why.code === "invalid" ? setup.badEmail : troubleOf(answer.why));
  };
  const field = (name: keyof typeof who) => ({
    name,
    label: { first_name: setup.firstName, last_name: setup.lastName, email: setup.email }[name],
    value: who[name],
    change: (value: string) => setWho((before) => ({ ...before, [name]: value })),
    autocomplete: "off",
  });
  return (
    <form class="own-form" onSubmit={submit} noValidate>
      <div class="own-pair">
        <TextField
          {...field("first_name")}
          trouble={wasTried && who.first_name.trim() === "" ? setup.fill : undefined}
          required
        />
        <TextField {...field("last_name")} />
      </div>
      <TextField
        {...field("email")}
        type="email"
        hint={words.emailHint}
        trouble={wasTried && !isAddress ? setup.badEmail : undefined}
        required
      />
      <p class="own-trouble" role="alert">
        {trouble}
      </p>
      <Button weight="main" type="submit" aria-disabled={isBusy}>
        {words.letIn}
      </Button>
    </form>
  );
}

interface TakeBackProps {
  readonly member: HouseholdMember;
  readonly path: string;
  done(): void;
  close(): void;
}

function TakeBack({ member, path, done, close }: TakeBackProps) {
  const { household: words, frame, deletion } = speech.words;
  const [trouble, setTrouble] = useState("");
  const takeBack = async () => {
    const answer = await remove(`${path}/${member.id}`);
    if (!answer.ok && answer.why.code !== "not_found") return setTrouble(troubleOf(answer.why));
    done();
    close();
  };
  return (
    <Dialog title={words.takeBackFrom(member.first_name)} closeText={frame.close} close={close}>
      <p>{words.takeBackText}</p>
      <p class="own-trouble" role="alert">
        {trouble}
      </p>
      <div class="dialog-actions">
        <Button onClick={close}>{deletion.cancel}</Button>
        <Button weight="main" onClick={() => void takeBack()}>
          {words.takeBack}
        </Button>
      </div>
    </Dialog>
  );
}
