/** `conservation-page`: whether everything the gateways of a community kept is here, day by day, and what they say was lost. */
import { useEffect, useState } from "preact/hooks";
import type { CommunityRow } from "#shared/api/communities.ts";
import type { Conservation, ConservationChain, LossRow } from "#shared/api/conservation.ts";
import { get, getPage } from "#shared/web/api-client.ts";
import { Badge } from "#shared/web/components/badge.tsx";
import { Notice } from "#shared/web/components/notice.tsx";
import { useAnswer } from "#shared/web/components/use-answer.ts";
import { When } from "#shared/web/components/when.tsx";
import { ConservationMap } from "./conservation-map.tsx";
import { count } from "./counts.ts";
import { Refused } from "./refused.tsx";
import { speech } from "./speech.ts";
import "./conservation-page.css";

/** How soon an answer that is not whole is asked for again. */
const AGAIN_MS = 4_000;

export function ConservationPage() {
  const { conservation } = speech.words;
  const all = useAnswer("/customers?limit=500", (path, stop) => getPage<CommunityRow>(path, stop));
  const communities = all.value?.data ?? [];
  const [chosen, choose] = useState<string>();
  const community = chosen ?? communities[0]?.id;
  if (all.why !== undefined) return <Refused why={all.why} again={all.reload} />;
  return (
    <div class="conservation">
      <header class="conservation-head">
        <div>
          <h1>{conservation.title}</h1>
          <p class="muted">{conservation.lead}</p>
        </div>
        {communities.length > 1 && (
          <label>
            <span class="small muted">{conservation.community}</span>
            <select value={community} onChange={(event) => choose(event.currentTarget.value)}>
              {communities.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
      </header>
      {community !== undefined && <Compared key={community} community={community} />}
      {all.value !== undefined && communities.length === 0 && (
        <Notice title={conservation.emptyTitle} text={conservation.emptyText} />
      )}
    </div>
  );
}

function Compared({ community }: { community: string }) {
  const { conservation } = speech.words;
  const asked = useAnswer(
    `/conservation?community=${encodeURIComponent(community)}`,
    (path, stop) => get<Conservation>(path, stop),
  );
  const { value, why, reload } = asked;
  const isWhole = value?.is_whole ?? true;
  useEffect(() => {
    if (isWhole) return undefined;
    const timer = setTimeout(reload, AGAIN_MS);
    return () => clearTimeout(timer);
  }, [isWhole, value]);
  if (value === undefined) return why === undefined ? null : <Refused why={why} again={reload} />;
  return (
    <>
      {!value.is_whole && <p class="muted">{conservation.comparing}</p>}
      {value.chains.length === 0 && value.ledger.length === 0 && (
        <Notice title={conservation.emptyTitle} text={conservation.emptyText} />
      )}
      {value.chains.map((chain) => (
        <Chain key={chain.writer} chain={chain} />
      ))}
      {value.ledger.length > 0 && <Ledger rows={value.ledger} />}
    </>
  );
}

function Chain({ chain }: { chain: ConservationChain }) {
  const { conservation } = speech.words;
  const faults = chain.holes.length + chain.forks.length + chain.damaged.length;
  return (
    <section class="conservation-chain">
      <h2>
        {chain.name ?? chain.writer}{" "}
        <Badge tone={faults === 0 ? "ok" : "bad"}>
          {faults === 0 ? conservation.whole : conservation.broken}
        </Badge>
      </h2>
      <p class="muted small">
        <span class="mono">{chain.writer}</span> ·{" "}
        {conservation.holds(count(chain.uplinks), count(chain.segments))}
      </p>
      {faults > 0 && (
        <ul class="conservation-faults">
          {chain.holes.map(({ after, before }) => (
            <li key={before}>{conservation.hole(after ?? "–", before)}</li>
          ))}
          {chain.forks.map((id) => (
            <li key={id}>{conservation.fork(id)}</li>
          ))}
          {chain.damaged.map((id) => (
            <li key={id}>{conservation.damaged(id)}</li>
          ))}
        </ul>
      )}
      <ConservationMap days={chain.days} />
    </section>
  );
}

function Ledger({ rows }: { rows: readonly LossRow[] }) {
  const { conservation } = speech.words;
  return (
    <section class="conservation-chain">
      <h2>{conservation.ledger}</h2>
      <p class="muted small">{conservation.ledgerLead}</p>
      <div class="conservation-scroll" tabIndex={0} role="region" aria-label={conservation.ledger}>
        <table class="conservation-table">
          <thead>
            <tr>
              <th>{conservation.when}</th>
              <th>{conservation.reason}</th>
              <th>{conservation.device}</th>
              <th class="conservation-number">{conservation.number}</th>
              <th>{conservation.about}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ at, reason, meaning, device, count: number, from, to, about }, i) => (
              <tr key={`${at} ${i}`}>
                <td>
                  <When at={at} />
                </td>
                <td title={meaning}>
                  {meaning}
                  <span class="mono tiny muted"> {reason}</span>
                </td>
                <td class="mono">{device ?? "–"}</td>
                <td class="conservation-number number">{count(number)}</td>
                <td class="small muted">
                  {about ?? ""}
                  {from !== null && to !== null && (
                    <>
                      {" "}
                      <When at={from} /> – <When at={to} />
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
