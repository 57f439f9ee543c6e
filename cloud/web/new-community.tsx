/**
 * `new-community`: the dialog that makes a community, in two steps: its details, then its owner and
 * groups. "Add" works on either.
 */
import { useState } from "preact/hooks";
import type { CommunityDetails, CommunityRow } from "#shared/api/communities.ts";
import type { Page } from "#shared/api/envelope.ts";
import type { GroupRow } from "#shared/api/groups.ts";
import { getPage, post, type Refusal } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { Dialog } from "#shared/web/components/dialog.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { useAnswer } from "#shared/web/components/use-answer.ts";
import { Refused } from "./refused.tsx";
import { speech } from "./speech.ts";
import "./new-community.css";

export interface NewCommunityProps {
  /** Closes the dialog. */
  close(): void;
  added(): void;
}

type Field = "name" | "tenant_name" | "admin_email" | "city" | "zone";
/** A short name out of a name: plain letters, digits and hyphens; empty where none begins it. */
const shortOf = (name: string) =>
  name
    .normalize("NFD")
    .toLowerCase()
    .replaceAll(/[\u0300-\u036f]/g, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 39)
    .replace(/-$/, "");
const blank: Record<Field, string> = {
  name: "",
  tenant_name: "",
  admin_email: "",
  city: "",
  // Where its operator is, most are.
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
};

export function NewCommunity({ close, added }: NewCommunityProps) {
  const { words } = speech;
  const { newCommunity: says } = words;
  const [step, setStep] = useState<"details" | "owner">("details");
  const [values, setValues] = useState(blank);
  const [owner, setOwner] = useState("");
  const [groups, setGroups] = useState<readonly string[]>([]);
  const [troubles, setTroubles] = useState<Partial<Record<Field, string>>>({});
  const [failure, setFailure] = useState("");
  const [isBusy, setIsBusy] = useState(false);

  const set = (field: Field, value: string) => {
    setValues((before) => ({
      ...before,
      // The short name follows the name until somebody writes one.
      ...(field === "name" && before.tenant_name === shortOf(before.name)
        ? { tenant_name: shortOf(value) }
        : {}),
      [field]: value,
    }));
    setTroubles((before) => ({ ...before, [field]: undefined }));
  };
  const missing = (): Partial<Record<Field, string>> => ({
    ...(values.name.trim() === "" ? { name: says.fill } : {}),
    ...(values.tenant_name.trim() === "" ? { tenant_name: says.fill } : {}),
  });
  const isFilled = () => {
    const found = missing();
    setTroubles(found);
    if (Object.keys(found).length === 0) return true;
    setStep("details");
    return false;
  };
  const refused = (why: Refusal) => {
    const fields = (why.fields ?? []).filter((one): one is Field => one in blank);
    const wrong = why.code === "conflict" ? says.taken : says.wrong;
    if (fields.length > 0) {
      setStep("details");
      setTroubles(Object.fromEntries(fields.map((one) => [one, wrong])));
    } else
      setFailure(
        why.code === "offline" || why.code === "unavailable"
          ? words.failed.offline
          : why.code === "internal"
            ? words.failed.broken
            : says.wrong,
      );
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy || !isFilled()) return;
    setFailure("");
    setIsBusy(true);
    const said = Object.entries(values)
      .map(([field, value]) => [field, value.trim()] as const)
      .filter(([, value]) => value !== "");
    const answer = await post<CommunityDetails>("/customers", {
      ...Object.fromEntries(said),
      ...(owner === "" ? {} : { owner }),
      groups,
    });
    setIsBusy(false);
    if (!answer.ok) return refused(answer.why);
    added();
    close();
  };
  const field = (name: Field, label: string, hint?: string) => (
    <TextField
      name={name}
      label={label}
      hint={hint}
      value={values[name]}
      change={(value) => set(name, value)}
      trouble={troubles[name]}
      autocomplete="off"
      autofocus={name === "name"}
    />
  );
  return (
    <Dialog title={says.add} closeText={words.frame.close} close={close}>
      <form class="new-community" onSubmit={submit} noValidate>
        <p class="small muted">{step === "details" ? says.details : says.owner}</p>
        {step === "details" ? (
          <>
            {field("name", says.name)}
            {field("tenant_name", says.tenant, says.tenantHint)}
            {field("admin_email", says.admin, says.adminHint)}
            {field("city", says.city)}
            {field("zone", says.zone, says.zoneHint)}
          </>
        ) : (
          <OwnerAndGroups owner={owner} setOwner={setOwner} groups={groups} setGroups={setGroups} />
        )}
        <p class="text-field-trouble" role="alert">
          {failure}
        </p>
        <div class="dialog-actions">
          {step === "details" ? (
            <Button onClick={() => isFilled() && setStep("owner")}>{says.next}</Button>
          ) : (
            <Button onClick={() => setStep("details")}>{says.back}</Button>
          )}
          <Button weight="main" type="submit" aria-disabled={isBusy}>
            {isBusy ? says.busy : says.button}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface OwnerAndGroupsProps {
  readonly owner: string;
  readonly groups: readonly string[];
  setOwner(id: string): void;
  setGroups(ids: readonly string[]): void;
}

function OwnerAndGroups({ owner, setOwner, groups, setGroups }: OwnerAndGroupsProps) {
  const { newCommunity: says } = speech.words;
  const owners = useAnswer<Page<CommunityRow>>("/customers?limit=500", getPage);
  const known = useAnswer<Page<GroupRow>>("/groups?kind=communities&limit=500", getPage);
  const own = known.value?.data.filter(({ is_builtin: isBuiltin }) => !isBuiltin);
  return (
    <>
      <label class="new-community-owner">
        <span>{says.ownerIs}</span>
        <select value={owner} onChange={({ currentTarget }) => setOwner(currentTarget.value)}>
          <option value="">{says.organization}</option>
          {owners.value?.data.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {owners.why !== undefined && <Refused why={owners.why} again={owners.reload} />}
      <fieldset class="new-community-groups">
        <legend>{says.groups}</legend>
        {known.why !== undefined && <Refused why={known.why} again={known.reload} />}
        {own?.length === 0 && <p class="small muted">{says.noGroups}</p>}
        {own?.map(({ id, name }) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={groups.includes(id)}
              onChange={({ currentTarget }) =>
                setGroups(
                  currentTarget.checked ? [...groups, id] : groups.filter((one) => one !== id),
                )
              }
            />
            {name}
          </label>
        ))}
      </fieldset>
    </>
  );
}
