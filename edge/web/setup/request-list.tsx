/** `request-list`: what was asked for at this gateway, and whether the hub has answered. */
import { Badge } from "#shared/web/components/badge.tsx";
import { When } from "#shared/web/components/when.tsx";
import type { SiteCommunity } from "./site-part.tsx";
import { speech } from "./words.ts";

/** The API has them all. */
const SHOWN = 20;

export function RequestList({ community }: { readonly community: SiteCommunity }) {
  const { site: words } = speech.words;
  const { requests, devices, units } = community;
  const told = (deviceId: string | null, unitId: string | null) =>
    [
      devices.find(({ id }) => id === deviceId)?.name ?? deviceId,
      units.find(({ id }) => id === unitId)?.name,
    ]
      .filter((text) => text !== null && text !== undefined)
      .join(" · ");
  return (
    <>
      <h3>{words.asked}</h3>
      <p class="muted small">{words.askedLead}</p>
      <ul class="setup-rows">
        {requests
          .filter(({ kind }) => kind in words.kinds)
          .slice(0, SHOWN)
          .map(({ id, kind, at, dev_eui: deviceId, unit_id: unitId, state, says }) => (
            <li key={id}>
              <span>
                {told(deviceId, unitId)}
                <br />
                <span class="muted tiny">
                  {words.kinds[kind]} <When at={at} />
                  {says !== null && ` · ${says}`}
                </span>
              </span>
              <Badge tone={state === "waiting" ? "plain" : state.startsWith("done") ? "ok" : "bad"}>
                {words.states[state]}
              </Badge>
            </li>
          ))}
      </ul>
    </>
  );
}
