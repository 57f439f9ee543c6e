/** `homes`: each home with its meters, and when each was heard. */
import { useState } from "preact/hooks";
import { serverNow } from "#shared/web/api-client.ts";
import { Badge } from "#shared/web/components/badge.tsx";
import { Button } from "#shared/web/components/button.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { When } from "#shared/web/components/when.tsx";
import type { SiteCommunity } from "./site-part.tsx";
import { TakeAway } from "./take-away.tsx";
import { speech } from "./words.ts";

type Meter = SiteCommunity["devices"][number];
type Home = SiteCommunity["units"][number];

/** More homes than this are looked for, not scrolled through. */
const FEW = 8;
const JUST_NOW_MS = 60_000;

export const homeName = ({ name, building }: Home) =>
  building === null ? name : `${building} · ${name}`;

export function Homes({
  community,
  changed,
}: {
  readonly community: SiteCommunity;
  changed(): void;
}) {
  const { site: words } = speech.words;
  const [wanted, setWanted] = useState("");
  const [taking, setTaking] = useState<{ readonly meter: Meter; readonly home: Home }>();
  const needle = wanted.trim().toLowerCase();
  const metersOf = (home: Home | undefined) =>
    community.devices.filter(({ unit_id: unitId }) => unitId === (home?.id ?? null));
  const isShown = (home: Home) =>
    [
      homeName(home),
      ...metersOf(home).flatMap(({ name, id, serial }) => [name, id, serial ?? ""]),
    ].some((text) => text.toLowerCase().includes(needle));
  const loose = metersOf(undefined);
  return (
    <>
      {community.units.length > FEW && (
        <TextField
          label={words.find}
          name="find"
          autocomplete="off"
          value={wanted}
          change={setWanted}
        />
      )}
      <ul class="setup-homes">
        {community.units.filter(isShown).map((home) => (
          <li key={home.id}>
            <h3>{homeName(home)}</h3>
            {metersOf(home).length === 0 && <p class="muted small">{words.noMeters}</p>}
            {metersOf(home).map((meter) => (
              <MeterRow key={meter.id} meter={meter}>
                <Button onClick={() => setTaking({ meter, home })}>{words.take}</Button>
              </MeterRow>
            ))}
          </li>
        ))}
        {loose.length > 0 && (
          <li>
            <h3>{words.loose}</h3>
            {loose.map((meter) => (
              <MeterRow key={meter.id} meter={meter} />
            ))}
          </li>
        )}
      </ul>
      {taking !== undefined && (
        <TakeAway
          tenant={community.tenant}
          meter={taking.meter}
          unitId={taking.home.id}
          home={homeName(taking.home)}
          done={changed}
          close={() => setTaking(undefined)}
        />
      )}
    </>
  );
}

function MeterRow({
  meter: { id, name, kind, last_heard_at: lastHeardAt },
  children,
}: {
  readonly meter: Meter;
  readonly children?: preact.ComponentChildren;
}) {
  const { site: words, kinds } = speech.words;
  const isNow = lastHeardAt !== null && serverNow() - Date.parse(lastHeardAt) < JUST_NOW_MS;
  return (
    <div class="setup-meter">
      <span>
        {name} <span class="muted small">{kinds[kind]}</span>
        <br />
        <span class="mono tiny muted">{id}</span>
      </span>
      <span class="setup-meter-side">
        {lastHeardAt === null ? (
          <Badge tone="plain">{words.never}</Badge>
        ) : isNow ? (
          <Badge tone="ok">{words.justNow}</Badge>
        ) : (
          <span class="small">
            {words.heard} <When at={lastHeardAt} />
          </span>
        )}
        {children}
      </span>
    </div>
  );
}
