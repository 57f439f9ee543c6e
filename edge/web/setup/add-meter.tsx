/** `add-meter`: from a label to a meter that is mounted in a home: read, look, choose, done. */
import { useState } from "preact/hooks";
import type { SetupLabelAnswer as Answered } from "#shared/api/gateway-setup.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import { post } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import type { z } from "zod";
import { ask, newRequestId } from "./ask.ts";
import { homeName } from "./homes.tsx";
import { indexIn } from "./index-unit.ts";
import { SelectField } from "./select-field.tsx";
import type { SiteCommunity } from "./site-part.tsx";
import { speech } from "./words.ts";

type Label = z.infer<typeof Answered>;

export interface AddMeterProps {
  readonly community: SiteCommunity;
  done(): void;
  close(): void;
}

export function AddMeter({ community, done, close }: AddMeterProps) {
  const { words } = speech;
  const [text, setText] = useState("");
  const [label, setLabel] = useState<Label>();
  const [trouble, setTrouble] = useState<string>();
  const read = async (event: SubmitEvent) => {
    event.preventDefault();
    const answer = await post<Label>("/setup/label", { text });
    if (!answer.ok) return setTrouble(answer.why.detail ?? words.failed);
    const { dev_eui: devEui, problems } = answer.value;
    setTrouble(devEui === null ? [words.site.noDevEui, ...problems].join(" ") : undefined);
    if (devEui !== null) setLabel(answer.value);
  };
  if (label !== undefined)
    return (
      <Mount community={community} label={label} done={done} again={() => setLabel(undefined)} />
    );
  return (
    <form class="setup-form setup-card" onSubmit={read} noValidate>
      <TextField
        label={words.site.label}
        hint={words.site.labelHint}
        name="label"
        autocomplete="off"
        autofocus
        value={text}
        trouble={trouble}
        change={setText}
        required
      />
      <div class="setup-actions">
        <Button weight="main" type="submit">
          {words.site.read}
        </Button>
        <Button onClick={close}>{words.site.cancel}</Button>
      </div>
    </form>
  );
}

function Mount({
  community,
  label,
  done,
  again,
}: {
  readonly community: SiteCommunity;
  readonly label: Label;
  done(): void;
  again(): void;
}) {
  const { words } = speech;
  const { tenant, units, devices } = community;
  const known = devices.find(({ id }) => id === label.dev_eui);
  // The same things under the same names when something went wrong on the way.
  const [ids] = useState(() => ({ register: newRequestId(), mount: newRequestId() }));
  const [name, setName] = useState(known?.name ?? label.serial ?? label.dev_eui ?? "");
  const [kind, setKind] = useState<MeterKindId>(known?.kind ?? "cold_water");
  const [unitId, setUnitId] = useState("");
  const [index, setIndex] = useState("");
  const [trouble, setTrouble] = useState("");
  const go = async (event: SubmitEvent) => {
    event.preventDefault();
    if (unitId === "") return setTrouble(words.site.choose);
    if (label.dev_eui === null) return setTrouble(words.failed);
    const about = { tenant, dev_eui: label.dev_eui };
    if (known === undefined) {
      const { serial, model, join_eui: joinEui, app_key: appKey } = label;
      const registered = await ask({
        ...about,
        id: ids.register,
        kind: "register",
        name,
        measures: kind,
        ...(serial === null ? {} : { serial }),
        ...(model === null ? {} : { model }),
        ...(joinEui === null || appKey === null ? {} : { join_eui: joinEui, app_key: appKey }),
      });
      if (!registered.ok) return setTrouble(registered.why.detail ?? words.failed);
    }
    const mounted = await ask({
      ...about,
      id: ids.mount,
      kind: "mount",
      unit_id: unitId,
      ...indexIn("start_index", index, kind),
    });
    if (!mounted.ok) return setTrouble(mounted.why.detail ?? words.failed);
    done();
  };
  const facts: [string, string | null][] = [
    [words.site.devEui, label.dev_eui],
    [words.site.serial, label.serial],
    [words.site.model, label.model],
    [words.site.key, label.app_key === null ? null : words.site.keyRead],
  ];
  return (
    <form class="setup-form setup-card" onSubmit={go} noValidate>
      <dl class="setup-facts">
        {facts.map(
          ([fact, value]) =>
            value !== null && (
              <div key={fact}>
                <dt>{fact}</dt>
                <dd class="mono">{value}</dd>
              </div>
            ),
        )}
      </dl>
      {label.problems.map((problem) => (
        <p key={problem} class="small">
          {problem}
        </p>
      ))}
      {known === undefined ? (
        <>
          <TextField
            label={words.site.name}
            name="name"
            autocomplete="off"
            value={name}
            change={setName}
            required
          />
          <SelectField
            label={words.site.kind}
            value={kind}
            options={Object.entries(words.kinds)}
            change={(one) => setKind(one as MeterKindId)}
          />
        </>
      ) : (
        <p>
          <strong>{known.name}</strong>. {words.site.known}
        </p>
      )}
      <SelectField
        label={words.site.home}
        value={unitId}
        options={[
          ["", words.site.choose],
          ...units.map((home) => [home.id, homeName(home)] as const),
        ]}
        change={setUnitId}
      />
      <TextField
        label={words.site.index}
        hint={words.site.indexHint}
        name="index"
        autocomplete="off"
        value={index}
        change={setIndex}
      />
      <p class="text-field-trouble" role="alert">
        {trouble}
      </p>
      <div class="setup-actions">
        <Button weight="main" type="submit">
          {known === undefined ? words.site.mount : words.site.mountOnly}
        </Button>
        <Button onClick={again}>{words.site.again}</Button>
      </div>
    </form>
  );
}
