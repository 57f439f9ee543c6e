/** `decoder-downlink`: tries a script's encodeDownlink and decodeDownlink. Nothing is sent to a device. */
import { useState } from "preact/hooks";
import type { DownlinkOutcome } from "#shared/api/decoders.ts";
import { post } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { readSamples } from "./samples.ts";
import { speech } from "./speech.ts";

export function DecoderDownlink({ source }: { readonly source: string }) {
  const { decoders } = speech.words;
  const [data, setData] = useState("{}");
  const [frame, setFrame] = useState("");
  const [said, setSaid] = useState<DownlinkOutcome>();
  const [trouble, setTrouble] = useState("");

  const ask = async (what: { data: unknown } | { frame: unknown }) => {
    const answer = await post<DownlinkOutcome>("/decoders/trial/downlink", { source, ...what });
    setSaid(answer.ok ? answer.value : undefined);
    setTrouble(answer.ok ? "" : `${decoders.refused} ${answer.why.detail ?? ""}`);
  };
  const encode = () => {
    const asked = objectIn(data);
    if (asked === undefined) return setTrouble(decoders.badData);
    return void ask({ data: asked });
  };
  const decode = () => {
    const [one, ...others] = readSamples(frame, []) ?? [];
    if (one === undefined || others.length > 0) return setTrouble(decoders.badFrame);
    return void ask({ frame: one });
  };
  return (
    <section class="decoders-part">
      <h2>{decoders.downlink}</h2>
      <p class="muted small">{decoders.downlinkLead}</p>
      <div class="decoders-form">
        <label>
          {decoders.downlinkData}
          <textarea
            class="mono"
            rows={4}
            spellcheck={false}
            value={data}
            onInput={({ currentTarget }) => setData(currentTarget.value)}
          />
        </label>
        <p>
          <Button onClick={encode}>{decoders.encode}</Button>
        </p>
        <label>
          {decoders.bytes}
          <span class="tiny muted">{decoders.downlinkFrameHint}</span>
          <input
            class="mono"
            spellcheck={false}
            autocomplete="off"
            value={frame}
            onInput={({ currentTarget }) => setFrame(currentTarget.value)}
          />
        </label>
        <p>
          <Button onClick={decode}>{decoders.decode}</Button>
        </p>
      </div>
      <p class="decoders-bad" role="alert">
        {trouble}
      </p>
      {said !== undefined && (
        <article class="decoders-sample" aria-label={decoders.outcome}>
          <p class="mono small">
            {said.fPort ?? "–"} {said.hex}
          </p>
          {said.data !== undefined && (
            <pre tabIndex={0} aria-label={decoders.outcome}>
              {JSON.stringify(said.data, null, 1)}
            </pre>
          )}
          {[...said.warnings, ...said.logs].map((line, at) => (
            <p key={at} class="mono tiny muted">
              {line}
            </p>
          ))}
        </article>
      )}
    </section>
  );
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
