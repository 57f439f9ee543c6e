/** `overview-page`: four numbers that matter, what needs a hand, and the health of all meters. */
import { useEffect } from "preact/hooks";
import { healthOrder } from "./health-order.ts";
import type { HubOverview } from "#shared/api/admin.ts";
import { get } from "#shared/web/api-client.ts";
import { Notice } from "#shared/web/components/notice.tsx";
import { Skeleton } from "#shared/web/components/skeleton.tsx";
import { useAnswer } from "#shared/web/components/use-answer.ts";
import { When } from "#shared/web/components/when.tsx";
import { changes } from "./changes.ts";
import { count, percent } from "./counts.ts";
import { HealthBadge } from "./health-badge.tsx";
import { Refused } from "./refused.tsx";
import { session } from "./session.ts";
import { speech } from "./speech.ts";
import "./overview-page.css";

export function OverviewPage() {
  const { words } = speech;
  const now = session.value;
  const mayAdd = now.is === "in" && now.operator.rights.includes("communities.write");
  const { value, why, isSlow, reload } = useAnswer<HubOverview>("/overview", get);
  const turn = changes.devices.value + changes.unregistered.value + changes.gateways.value;
  useEffect(() => {
    if (turn > 0) reload();
  }, [turn]);
  return (
    <div class="page">
      <h1>{words.overview.title}</h1>
      {value === undefined ? (
        why === undefined ? (
          isSlow && <Skeleton heights={[112, 200]} />
        ) : (
          <Refused why={why} again={reload} />
        )
      ) : value.devices === 0 && value.communities === 0 ? (
        <Notice title={words.overview.emptyTitle} text={words.overview.emptyText}>
          {mayAdd && (
            <a class="button button-main" href="/communities?new">
              {words.newCommunity.add}
            </a>
          )}
        </Notice>
      ) : (
        <>
          <Numbers overview={value} />
          <NeedsAHand overview={value} />
          <HealthOfAll overview={value} />
        </>
      )}
    </div>
  );
}

function Numbers({ overview }: { overview: HubOverview }) {
  const { words } = speech;
  const {
    devices,
    health,
    gateways,
    gateways_away: gatewaysAway,
    unregistered,
    last_reading_at: lastReadingAt,
  } = overview;
  const healthy = health.healthy ?? 0;
  return (
    <div class="figures">
      <a class="figure" href="/devices">
        <span class="figure-name">{words.overview.inTime}</span>
        <span class="figure-number">{devices === 0 ? "–" : percent(healthy / devices)}</span>
        <span class="figure-note">{words.overview.inTimeOf(count(healthy), count(devices))}</span>
      </a>
      <a class="figure" href="/gateways">
        <span class="figure-name">{words.overview.away}</span>
        <span class="figure-number">{count(gatewaysAway)}</span>
        <span class="figure-note">{words.overview.awayOf(count(gateways))}</span>
      </a>
      <a class="figure" href="/unregistered">
        <span class="figure-name">{words.overview.unregistered}</span>
        <span class="figure-number">{count(unregistered)}</span>
        <span class="figure-note">{words.overview.unregisteredNote}</span>
      </a>
      <a class="figure" href="/communities">
        <span class="figure-name">{words.overview.last}</span>
        <span class="figure-number figure-when">
          {lastReadingAt === null ? words.overview.none : <When at={lastReadingAt} />}
        </span>
      </a>
    </div>
  );
}

function NeedsAHand({ overview }: { overview: HubOverview }) {
  const { words } = speech;
  const { health, gateways_away: gatewaysAway, unregistered } = overview;
  const tasks = [
    {
      n: gatewaysAway,
      title: words.overview.gatewaysAway,
      text: words.overview.gatewaysAwayText,
      link: "/gateways",
    },
    {
      n: health.lost ?? 0,
      title: words.overview.lost,
      text: words.overview.lostText,
      link: "/devices?status=offline",
    },
    {
      n: health.never ?? 0,
      title: words.overview.never,
      text: words.overview.neverText,
      link: "/devices?status=offline",
    },
    {
      n: unregistered,
      title: words.overview.sightings,
      text: words.overview.sightingsText,
      link: "/unregistered",
    },
  ].filter(({ n }) => n > 0);
  return (
    <section class="part">
      <h2>{words.overview.handTitle}</h2>
      {tasks.length === 0 ? (
        <p class="muted">{words.overview.nothing}</p>
      ) : (
        <ul class="tasks">
          {tasks.map(({ n, title, text, link }) => (
            <li key={text} class="task">
              <div>
                <p class="task-title">{title(count(n), n === 1)}</p>
                <p class="small muted">{text}</p>
              </div>
              <a
                class="button button-plain"
                href={link}
                aria-label={`${words.overview.look}: ${title(count(n), n === 1)}`}
              >
                {words.overview.look}
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function HealthOfAll({ overview }: { overview: HubOverview }) {
  const { words } = speech;
  const { health, devices } = overview;
  if (devices === 0) return null;
  const parts = healthOrder.map((one) => ({ health: one, n: health[one] ?? 0 }));
  return (
    <section class="part">
      <h2>{words.overview.healthTitle}</h2>
      <div class="health-bar" aria-hidden="true">
        {parts.map(
          ({ health: one, n }) =>
            n > 0 && <span key={one} class={`health-${one}`} style={{ flexGrow: n }} />,
        )}
      </div>
      <ul class="health-list">
        {parts.map(({ health: one, n }) => (
          <li key={one}>
            <HealthBadge health={one} n={n} />
          </li>
        ))}
      </ul>
    </section>
  );
}
