/** `take-away`: a meter leaves its home, after a question that names both. */
import { useState } from "preact/hooks";
import { Button } from "#shared/web/components/button.tsx";
import { Dialog } from "#shared/web/components/dialog.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { ask, newRequestId } from "./ask.ts";
import { indexIn } from "./index-unit.ts";
import type { SiteCommunity } from "./site-part.tsx";
import { speech } from "./words.ts";

export interface TakeAwayProps {
  readonly tenant: string;
  readonly meter: SiteCommunity["devices"][number];
  readonly unitId: string;
  readonly home: string;
  done(): void;
  close(): void;
}

export function TakeAway({ tenant, meter, unitId, home, done, close }: TakeAwayProps) {
  const { words } = speech;
  const [id] = useState(newRequestId);
  const [index, setIndex] = useState("");
  const [trouble, setTrouble] = useState<string>();
  const go = async (event: SubmitEvent) => {
    event.preventDefault();
    const answer = await ask({
      id,
      tenant,
      kind: "unmount",
      dev_eui: meter.id,
      unit_id: unitId,
      ...indexIn("end_index", index, meter.kind),
    });
    if (!answer.ok) return setTrouble(answer.why.detail ?? words.failed);
    done();
    close();
  };
  return (
    <Dialog
      title={words.site.takeTitle(meter.name, home)}
      closeText={words.site.close}
      close={close}
    >
      <form class="setup-form" onSubmit={go} noValidate>
        <p>{words.site.takeText}</p>
        <TextField
          label={words.site.index}
          hint={words.site.indexHint}
          name="index"
          autocomplete="off"
          value={index}
          trouble={trouble}
          change={setIndex}
        />
        <div class="dialog-actions">
          <Button onClick={close}>{words.site.cancel}</Button>
          <Button weight="main" type="submit">
            {words.site.takeNow}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
