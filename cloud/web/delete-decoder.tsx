/** `delete-decoder`: a decoder that reads no device goes, after its name was typed. */
import { useState } from "preact/hooks";
import type { DecoderDetails } from "#shared/api/decoders.ts";
import { remove } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { go } from "#shared/web/place.ts";
import { count } from "./counts.ts";
import { speech } from "./speech.ts";
import { TypedConfirmation } from "./typed-confirmation.tsx";

export function DeleteDecoder({
  decoder: { slug, title, devices },
}: {
  readonly decoder: Pick<DecoderDetails, "slug" | "title" | "devices">;
}) {
  const { decoders } = speech.words;
  const [isAsked, setIsAsked] = useState(false);
  return (
    <section class="decoders-part">
      <h2>{decoders.delete}</h2>
      <p class="muted small">
        {devices > 0 ? decoders.deleteUsed(count(devices)) : decoders.deleteLead}
      </p>
      <p>
        <Button disabled={devices > 0} onClick={() => setIsAsked(true)}>
          {decoders.deleteThis}
        </Button>
      </p>
      {isAsked && (
        <TypedConfirmation
          title={decoders.deleteTitle(title)}
          name={title}
          ask={decoders.deleteAsk(title)}
          button={decoders.deleteThis}
          busy={decoders.deleting}
          act={() => remove(`/decoders/${slug}`)}
          done={() => go("/decoders", "replace")}
          close={() => setIsAsked(false)}
        >
          <p class="small">{decoders.deleteLead}</p>
        </TypedConfirmation>
      )}
    </section>
  );
}
