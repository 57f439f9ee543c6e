/** `mappings-page`: a format for somebody's own JSON, written beside a live sample that says at once what it reads. */
import { useEffect, useState } from "preact/hooks";
import type { MappingDetails, MappingRow, MappingTrialOutcome } from "#shared/api/mappings.ts";
import { get, getPage, post, put, type Refusal } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { useAnswer } from "#shared/web/components/use-answer.ts";
import {
  draftOf,
  emptyDraft,
  mappingOf,
  registerChoices,
  type DraftLine,
  type MappingDraft,
} from "./mapping-draft.ts";
import { speech } from "./speech.ts";

/** How long the hand must rest before the sample is tried, ms. */
const REST_MS = 300;
/** Tried while nothing is chosen yet: it reads nothing, but the places in the sample are told. */
const NOTHING = { topic: null, device: { pointer: "/" }, time: null };

/** What the draft makes of its sample; undefined while nothing was answered. */
function useTrial(draft: MappingDraft): MappingTrialOutcome | Refusal | undefined {
  const [outcome, setOutcome] = useState<MappingTrialOutcome | Refusal>();
  useEffect(() => {
    if (draft.sample === "") return setOutcome(undefined);
    let isOver = false;
    const timer = setTimeout(() => {
      const mapping = mappingOf(draft) ?? {
        ...NOTHING,
        values: [{ pointer: "/", register: "pulses" as const }],
      };
      const sample = { topic: draft.sampleTopic || null, body: draft.sample };
      void post<MappingTrialOutcome>("/mappings/trial", { mapping, sample }).then((answer) => {
        if (!isOver) setOutcome(answer.ok ? answer.value : answer.why);
      });
    }, REST_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [draft]);
  return outcome;
}

export function MappingsPage() {
  const words = speech.words.mappings;
  const kept = useAnswer("/mappings?limit=100", (path, stop) => getPage<MappingRow>(path, stop));
  const [draft, setDraft] = useState(emptyDraft);
  const [name, setName] = useState("");
  const [title, setTitle] = useState("");
  const [known, setKnown] = useState(false);
  const [said, say] = useState("");
  const outcome = useTrial(draft);
  const trial = outcome !== undefined && "places" in outcome ? outcome : undefined;
  const change = (part: Partial<MappingDraft>) => setDraft({ ...draft, ...part });
  const mapping = mappingOf(draft);

  const open = async (row: MappingRow) => {
    const answer = await get<MappingDetails>(`/mappings/${row.name}`);
    if (!answer.ok) return;
    setDraft(draftOf(answer.value.mapping, answer.value.sample));
    setName(row.name);
    setTitle(row.title);
    setKnown(true);
    say("");
  };
  const keep = async () => {
    if (mapping === undefined) return;
    const sample =
      draft.sample === "" ? null : { topic: draft.sampleTopic || null, body: draft.sample };
    const body = { title: title || name, mapping, sample };
    const answer = known
      ? await put(`/mappings/${name}`, body)
      : await post("/mappings", { ...body, name });
    say(answer.ok ? words.keptNow : answer.why.code === "conflict" ? words.taken : words.refused);
    if (answer.ok) {
      setKnown(true);
      kept.reload();
    }
  };

  return (
    <div class="mappings">
      <header>
        <h1>{words.title}</h1>
        <p class="muted">{words.lead}</p>
      </header>
      {(kept.value?.data.length ?? 0) > 0 && (
        <ul class="mappings-kept" aria-label={words.kept}>
          {kept.value?.data.map((row) => (
            <li key={row.name}>
              <Button onClick={() => void open(row)}>{row.title}</Button>
            </li>
          ))}
        </ul>
      )}
      <section class="mappings-part">
        <h2>{words.sample}</h2>
        <Field
          label={words.sampleTopic}
          value={draft.sampleTopic}
          change={(sampleTopic) => change({ sampleTopic })}
        />
        <label class="mappings-sample">
          <span>{words.sampleBody}</span>
          <textarea
            rows={8}
            spellcheck={false}
            value={draft.sample}
            onInput={(event) => change({ sample: event.currentTarget.value })}
          />
        </label>
        {outcome !== undefined && trial === undefined && <p role="alert">{words.noJson}</p>}
        {trial?.known_as && <p role="status">{words.knownAs(trial.known_as)}</p>}
      </section>
      <section class="mappings-part">
        <h2>{words.where}</h2>
        <Field label={words.topic} value={draft.topic} change={(topic) => change({ topic })} />
        {trial !== undefined && !trial.is_for_topic && <p class="small">{words.otherTopic}</p>}
        <Place
          label={words.device}
          value={draft.device}
          trial={trial}
          change={(device) => change({ device })}
        />
        <p class="small" role="status">
          {trial?.device.is ?? trial?.device.why}
        </p>
        <Place
          label={words.time}
          value={draft.time}
          trial={trial}
          change={(time) => change({ time })}
        />
        {draft.time !== "" && (
          <label>
            <span class="small">{words.form}</span>
            <select
              value={draft.form}
              onChange={(event) =>
                change({ form: event.currentTarget.value as MappingDraft["form"] })
              }
            >
              <option value="rfc3339">2026-01-31T12:00:00Z</option>
              <option value="seconds">1769860800</option>
              <option value="milliseconds">1769860800000</option>
            </select>
          </label>
        )}
        <p class="small" role="status">
          {trial?.time.is ?? trial?.time.why}
        </p>
      </section>
      <section class="mappings-part">
        <h2>{words.values}</h2>
        {draft.lines.map((line, i) => (
          <Line
            key={i}
            line={line}
            trial={trial}
            outcome={mapping === undefined ? undefined : trial?.values[i]}
            change={(next) =>
              change({
                lines: draft.lines.flatMap((one, k) => (k === i ? (next ?? []) : one)),
              })
            }
          />
        ))}
        <Button
          onClick={() =>
            change({ lines: [...draft.lines, { pointer: "", register: "8-0:1.0.0", scale: 0 }] })
          }
        >
          {words.add}
        </Button>
      </section>
      <section class="mappings-part">
        {!known && <Field label={words.name} value={name} change={setName} />}
        <Field label={words.ownTitle} value={title} change={setTitle} />
        <Button
          weight="main"
          disabled={mapping === undefined || name === ""}
          onClick={() => void keep()}
        >
          {words.keep}
        </Button>
        <p role="status">{said}</p>
      </section>
    </div>
  );
}

function Field({
  label,
  value,
  change,
}: {
  label: string;
  value: string;
  change(value: string): void;
}) {
  return <TextField label={label} name={label} value={value} autocomplete="off" change={change} />;
}

/** A place in the sample: typed, or chosen from those that are there. */
function Place(props: {
  label: string;
  value: string;
  trial: MappingTrialOutcome | undefined;
  change(value: string): void;
}) {
  const words = speech.words.mappings;
  const { label, value, trial, change } = props;
  return (
    <div class="mappings-place">
      <Field label={label} value={value} change={change} />
      {trial !== undefined && (
        <label>
          <span class="small">{words.choose}</span>
          <select value="" onChange={(event) => change(event.currentTarget.value)}>
            <option value="">–</option>
            {trial.places.map(({ pointer, value: there }) => (
              <option key={pointer} value={pointer}>
                {pointer} = {String(there)}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

function Line(props: {
  line: DraftLine;
  trial: MappingTrialOutcome | undefined;
  outcome: MappingTrialOutcome["values"][number] | undefined;
  change(line: DraftLine | undefined): void;
}) {
  const words = speech.words.mappings;
  const { line, trial, outcome, change } = props;
  const is = outcome?.is;
  return (
    <fieldset class="mappings-line">
      <legend class="small">{words.value}</legend>
      <Place
        label={words.place}
        value={line.pointer}
        trial={trial}
        change={(pointer) => change({ ...line, pointer })}
      />
      <label>
        <span class="small">{words.register}</span>
        <select
          value={line.register}
          onChange={(event) =>
            change({ ...line, register: event.currentTarget.value as DraftLine["register"] })
          }
        >
          {registerChoices.map(([id, called]) => (
            <option key={id} value={id}>
              {called}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="small">{words.scale}</span>
        <select
          value={String(line.scale)}
          onChange={(event) => change({ ...line, scale: Number(event.currentTarget.value) })}
        >
          {[-6, -3, -2, -1, 0, 1, 2, 3].map((scale) => (
            <option key={scale} value={String(scale)}>
              × 10^{scale}
            </option>
          ))}
        </select>
      </label>
      <Button onClick={() => change(undefined)}>{words.remove}</Button>
      <p class="small" role="status">
        {is ? `${is.n * 10 ** is.scale} ${is.unit === "none" ? "" : is.unit}` : outcome?.why}
      </p>
    </fieldset>
  );
}
