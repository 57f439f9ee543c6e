/** `decoder-versions`: what a decoder was before; an earlier one can be taken into the editor again. */
import { useState } from "preact/hooks";
import type { DecoderDetails, DecoderVersion } from "#shared/api/decoders.ts";
import { get } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { When } from "#shared/web/components/when.tsx";
import { speech } from "./speech.ts";

export interface DecoderVersionsProps {
  readonly saved: Pick<DecoderDetails, "slug" | "version" | "versions">;
  /** Takes a version's script and mapping into the editor; nothing is saved by that. */
  take(version: DecoderVersion): void;
}

export function DecoderVersions({ saved, take }: DecoderVersionsProps) {
  const { decoders } = speech.words;
  const [told, setTold] = useState("");
  const fetchOne = async (version: number) => {
    const answer = await get<DecoderVersion>(`/decoders/${saved.slug}/versions/${version}`);
    if (answer.ok) take(answer.value);
    setTold(
      answer.ok
        ? decoders.versionTaken(String(version))
        : `${decoders.refused} ${answer.why.detail ?? ""}`,
    );
  };
  return (
    <section class="decoders-part">
      <h2>{decoders.versions}</h2>
      <ul class="decoders-list">
        {saved.versions.map(({ version, at }) => (
          <li key={version}>
            {decoders.version} {version} · <When at={at} />{" "}
            {version !== saved.version && (
              <Button weight="bare" onClick={() => void fetchOne(version)}>
                {decoders.takeVersion(String(version))}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <p role="status">{told}</p>
    </section>
  );
}
