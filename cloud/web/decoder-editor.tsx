/** `decoder-editor`: one decoder: its script, samples to try it on, the mapping a person confirms, versions, devices. */
import { useState } from "preact/hooks";
import type { DecoderDetails, TrialOutcome } from "#shared/api/decoders.ts";
import type { FieldMapping } from "#shared/model/field-mapping.ts";
import { get, post, put, type Answer, type Refusal } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { useAnswer } from "#shared/web/components/use-answer.ts";
import { go } from "#shared/web/place.ts";
import { DecoderDevices } from "./decoder-devices.tsx";
import { DecoderDownlink } from "./decoder-downlink.tsx";
import { DecoderOutcome } from "./decoder-outcome.tsx";
import { DecoderVersions } from "./decoder-versions.tsx";
import { DeleteDecoder } from "./delete-decoder.tsx";
import { MappingTable } from "./mapping-table.tsx";
import { Refused } from "./refused.tsx";
import { readSamples, writeSamples } from "./samples.ts";
import { speech } from "./speech.ts";

interface Draft {
  readonly title: string;
  readonly slug: string;
  readonly source: string;
  readonly mapping: FieldMapping;
  readonly samples: string;
  /** A day, or empty: nothing but what was undecoded is read again. */
  readonly from: string;
}
const EMPTY: Draft = {
  title: "",
  slug: "",
  source: "function decodeUplink(input) {\n  return { data: {} };\n}\n",
  mapping: { fields: [] },
  samples: "",
  from: "",
};

export function DecoderEditor({ slug }: { readonly slug: string | null }) {
  const { value, why, reload } = useAnswer(slug ?? "", async (asked, stop) =>
    asked === "" ? nothing : get<DecoderDetails>(`/decoders/${asked}`, stop),
  );
  if (why !== undefined) return <Refused why={why} again={reload} />;
  if (value === undefined) return null;
  return <Editor key={value?.version ?? 0} saved={value} reload={reload} />;
}

const nothing: Answer<DecoderDetails | null> = { ok: true, value: null };

const draftOf = (saved: DecoderDetails): Draft => ({
  title: saved.title,
  slug: saved.slug,
  source: saved.source,
  mapping: saved.mapping,
  samples: writeSamples(saved.examples),
  from: saved.redecode_from?.slice(0, 10) ?? "",
});

function Editor({
  saved,
  reload,
}: {
  readonly saved: DecoderDetails | null;
  readonly reload: () => void;
}) {
  const { decoders } = speech.words;
  const [draft, setDraft] = useState<Draft>(saved === null ? EMPTY : draftOf(saved));
  const [trial, setTrial] = useState<TrialOutcome>();
  const [why, setWhy] = useState<Refusal>();
  const [isBusy, setIsBusy] = useState(false);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const samples = readSamples(draft.samples, saved?.examples ?? []);

  async function doing<T>(asking: Promise<Answer<T>>, done: (value: T) => void) {
    setIsBusy(true);
    const answer = await asking;
    setIsBusy(false);
    setWhy(answer.ok ? undefined : answer.why);
    if (answer.ok) done(answer.value);
  }
  const tryIt = () =>
    doing(
      post<TrialOutcome>("/decoders/trial", {
        source: draft.source,
        samples: samples ?? [],
        ...(draft.mapping.fields.length > 0 ? { mapping: draft.mapping } : {}),
      }),
      setTrial,
    );
  const save = () => {
    const { title, slug, source, mapping, from } = draft;
    const body = {
      title,
      source,
      mapping,
      examples: samples ?? [],
      ...(from === "" ? {} : { redecode_from: `${from}T00:00:00Z` }),
    };
    return doing(
      saved === null
        ? post<DecoderDetails>("/decoders", { ...body, slug })
        : put<DecoderDetails>(`/decoders/${saved.slug}`, body),
      (now) => (saved === null ? go(`/decoders/${now.slug}`, "replace") : reload()),
    );
  };
  return (
    <>
      <header class="decoders-head">
        <div>
          <p class="small">
            <a href="/decoders">{decoders.title}</a>
          </p>
          <h1>{saved?.title ?? decoders.add}</h1>
          {saved !== null && (
            <p class="mono small muted">
              {saved.model} · {decoders.version} {saved.version}
            </p>
          )}
        </div>
      </header>
      <form
        class="decoders-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextField
          label={decoders.name}
          name="title"
          autocomplete="off"
          required
          value={draft.title}
          change={(title) => change({ title })}
        />
        {saved === null && (
          <TextField
            label={decoders.slug}
            hint={decoders.slugHint}
            name="slug"
            autocomplete="off"
            required
            value={draft.slug}
            change={(slug) => change({ slug })}
          />
        )}
        <label>
          {decoders.source}
          <span class="tiny muted">{decoders.sourceHint}</span>
          <textarea
            class="mono"
            name="source"
            rows={18}
            spellcheck={false}
            value={draft.source}
            onInput={({ currentTarget }) => change({ source: currentTarget.value })}
          />
        </label>
        <label>
          {decoders.samples}
          <span class="tiny muted">{decoders.samplesHint}</span>
          <textarea
            class="mono"
            name="samples"
            rows={4}
            spellcheck={false}
            aria-invalid={samples === null}
            value={draft.samples}
            onInput={({ currentTarget }) => change({ samples: currentTarget.value })}
          />
          {samples === null && <span class="small decoders-bad">{decoders.badSamples}</span>}
        </label>
        <p>
          <Button disabled={isBusy || samples === null} onClick={() => void tryIt()}>
            {decoders.tryIt}
          </Button>
        </p>
        {trial !== undefined && (
          <DecoderOutcome
            trial={trial}
            samples={samples ?? []}
            take={() => change({ mapping: trial.proposal.mapping })}
          />
        )}
        <MappingTable mapping={draft.mapping} change={(mapping) => change({ mapping })} />
        <label>
          {decoders.from}
          <span class="tiny muted">{decoders.fromHint}</span>
          <input
            type="date"
            value={draft.from}
            onInput={({ currentTarget }) => change({ from: currentTarget.value })}
          />
        </label>
        {why !== undefined && (
          <p class="decoders-bad" role="alert">
            {decoders.refused} {why.detail}
          </p>
        )}
        <p>
          <Button weight="main" type="submit" disabled={isBusy || samples === null}>
            {decoders.save}
          </Button>
        </p>
      </form>
      {/\b(?:en|de)codeDownlink\b/.test(draft.source) && <DecoderDownlink source={draft.source} />}
      {saved !== null && (
        <>
          <DecoderDevices saved={saved} reload={reload} />
          <DecoderVersions
            saved={saved}
            take={({ source, mapping }) => change({ source, mapping })}
          />
          <DeleteDecoder decoder={saved} />
        </>
      )}
    </>
  );
}
