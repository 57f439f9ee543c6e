/** `decoder-devices`: how many devices a decoder reads, and giving it those of a type. */
import { useState } from "preact/hooks";
import type { DecoderDetails } from "#shared/api/decoders.ts";
import { put } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { count } from "./counts.ts";
import { speech } from "./speech.ts";

export function DecoderDevices({
  saved,
  reload,
}: {
  readonly saved: DecoderDetails;
  reload(): void;
}) {
  const { decoders } = speech.words;
  const [type, setType] = useState("");
  const [told, setTold] = useState<string>();
  const assign = async () => {
    const answer = await put<{ devices: number }>(`/decoders/${saved.slug}/devices`, {
      device_type: type,
    });
    setTold(
      answer.ok
        ? decoders.assigned(count(answer.value.devices))
        : `${decoders.refused} ${answer.why.detail ?? ""}`,
    );
    if (answer.ok) reload();
  };
  return (
    <section class="decoders-part">
      <h2>
        {decoders.devices} <span class="muted number">{count(saved.devices)}</span>
      </h2>
      <form
        class="decoders-form"
        onSubmit={(event) => {
          event.preventDefault();
          void assign();
        }}
      >
        <TextField
          label={decoders.type}
          hint={decoders.typeHint}
          name="type"
          autocomplete="off"
          required
          value={type}
          change={setType}
        />
        <p role="status">{told}</p>
        <p>
          <Button type="submit">{decoders.assign}</Button>
        </p>
      </form>
    </section>
  );
}
