/**
 * `claim-labels`: codes that were made just now, as labels to print and as a file. They are held in
 * this page only: whoever leaves it has to make new ones.
 */
import { renderSVG } from "uqr";
import type { ClaimMade } from "#shared/api/gateway-admin.ts";
import { claimLabel } from "#shared/model/claim-label.ts";
import { Button } from "#shared/web/components/button.tsx";
import { toCsv } from "#shared/web/csv.ts";
import { language } from "#shared/web/language.ts";
import { localeOf } from "#shared/web/moments.ts";
import { saveFile } from "#shared/web/save-file.ts";
import { count } from "./counts.ts";
import { speech } from "./speech.ts";

const namesOf = ({ communities }: ClaimMade) => communities.map(({ name }) => name).join(", ");

/** The columns' names are the API's. */
function fileOf(claims: readonly ClaimMade[]): string {
  const rows = claims.map((claim) => [
    claim.label,
    claim.communities.map(({ name }) => name).join(" | "),
    claim.code,
    claim.expires_at,
    location.origin,
  ]);
  return toCsv([["name", "communities", "code", "expires_at", "hub"], ...rows]);
}

export function ClaimLabels({ claims }: { readonly claims: readonly ClaimMade[] }) {
  const { claimSheet: says, gateways } = speech.words;
  const day = new Intl.DateTimeFormat(localeOf(language.value), { dateStyle: "medium" });
  return (
    <>
      <header class="claim-labels-head">
        <h1>{says.made(count(claims.length), claims.length === 1)}</h1>
        <p role="status">{says.onceOnly}</p>
        <div class="claim-sheet-tools">
          <Button weight="main" onClick={() => print()}>
            {says.print}
          </Button>
          <Button onClick={() => saveFile("claim-codes.csv", fileOf(claims))}>{says.save}</Button>
          <a href="/gateways">{gateways.done}</a>
        </div>
      </header>
      <ul class="claim-labels">
        {claims.map((claim) => (
          <li key={claim.id} class="claim-label">
            <img
              src={`data:image/svg+xml,${encodeURIComponent(renderSVG(claimLabel(location.origin, claim.code), { border: 2 }))}`}
              alt=""
              width="96"
              height="96"
            />
            <div>
              <p class="claim-label-name">{claim.label}</p>
              <p class="tiny">{namesOf(claim)}</p>
              <p class="claim-label-code mono">{claim.code}</p>
              <p class="tiny">{location.host}</p>
              <p class="tiny">
                {gateways.goodUntil} {day.format(new Date(claim.expires_at))}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
