/** `decoder-outcome`: what a script said to each sample, and the mapping proposed from it. */
import type { TrialOutcome } from "#shared/api/decoders.ts";
import { Button } from "#shared/web/components/button.tsx";
import { When } from "#shared/web/components/when.tsx";
import type { DecoderSample } from "./samples.ts";
import { speech } from "./speech.ts";

export function DecoderOutcome({
  trial,
  samples,
  take,
}: {
  readonly trial: TrialOutcome;
  readonly samples: readonly DecoderSample[];
  take(): void;
}) {
  const { decoders } = speech.words;
  const { proposal } = trial;
  return (
    <section class="decoders-part" aria-label={decoders.outcome}>
      <h2>{decoders.outcome}</h2>
      {trial.samples.map((sample, i) => (
        <article key={i} class="decoders-sample">
          <h3 class="mono small">
            {samples[i]?.fPort} {samples[i]?.hex}
          </h3>
          {sample.error !== null && <p class="decoders-bad">{sample.error}</p>}
          {sample.is_as_expected === false && <p class="decoders-bad">{decoders.unexpected}</p>}
          {sample.data !== undefined && (
            <pre tabIndex={0} aria-label={decoders.outcome}>
              {JSON.stringify(sample.data, null, 1)}
            </pre>
          )}
          {[...sample.warnings, ...sample.logs].map((line, at) => (
            <p key={at} class="mono tiny muted">
              {line}
            </p>
          ))}
          <ul class="decoders-list">
            {sample.readings.flatMap(({ at, values }) =>
              values.map(({ register, title, n, scale, unit }) => (
                <li key={`${at} ${register}`}>
                  {title}:{" "}
                  <strong class="number">
                    {n === 0 ? 0 : Number(`${n}e${scale}`)} {unit === "none" ? "" : unit}
                  </strong>
                  {at !== null && (
                    <>
                      {" "}
                      <When at={at} />
                    </>
                  )}
                </li>
              )),
            )}
          </ul>
        </article>
      ))}
      {proposal.fields.length > 0 && (
        <>
          <h3>{decoders.proposal}</h3>
          <ul class="decoders-list">
            {proposal.fields.map(({ path, certainty }, i) => (
              <li key={i}>
                <span class="mono">{path}</span> → {proposal.mapping.fields[i]?.register}{" "}
                <span class="muted small">{decoders.certainties[certainty]}</span>
              </li>
            ))}
          </ul>
          <p>
            <Button onClick={take}>{decoders.take}</Button>
          </p>
        </>
      )}
    </section>
  );
}
