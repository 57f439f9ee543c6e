/**
 * `open-home`: one home with its header, its pages and its freshness line; listens for new
 * readings and asks again quietly.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Freshness, Me, Overview } from "#shared/api/resident.ts";
import { get } from "../api-client.ts";
import { Button } from "../components/button.tsx";
import { Notice } from "../components/notice.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { useAnswer } from "../components/use-answer.ts";
import { language } from "../language.ts";
import { openLive } from "../live.ts";
import { match } from "../place.ts";
import { FreshnessLine } from "./freshness-line.tsx";
import { HomePage } from "./home-page.tsx";
import { MeterPage } from "./meter-page.tsx";
import { hoursTurn } from "./own-settings.tsx";
import type { Home } from "./session.ts";
import { speech } from "./speech.ts";
import { TopBar } from "./top-bar.tsx";

/** Readings that come together are asked for once. */
const GATHER_MS = 1_000;
/** Also without a new reading the hour moves on. */
const RENEW_MS = 5 * 60_000;

export interface OpenHomeProps {
  readonly me: Me;
  readonly home: Home;
  /** Below the meters. */
  readonly beside?: ComponentChildren;
}

export function OpenHome({ me, home, beside }: OpenHomeProps) {
  const { words } = speech;
  const path = `/me/homes/${encodeURIComponent(home.unit_id)}`;
  const { value: overview, why, isSlow, reload } = useAnswer<Overview>(`${path}/overview`, get);
  const [told, setTold] = useState<Freshness>();
  const [isOpen, setIsOpen] = useState(true);
  const [turn, setTurn] = useState(0);
  const again = useRef(reload);
  again.current = () => {
    reload();
    setTurn((n) => n + 1);
  };

  useEffect(() => setTold(undefined), [overview]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        again.current();
      }, GATHER_MS);
    };
    const now = () => again.current();
    const seen = () => document.visibilityState === "visible" && now();
    const stream = openLive(
      `${path}/live`,
      { reading: soon, freshness: (freshness) => setTold(freshness as Freshness) },
      now,
    );
    const stopFollowing = stream.isOpen.subscribe(setIsOpen);
    const seenTurn = hoursTurn.peek();
    const stopListening = hoursTurn.subscribe((turn) => turn !== seenTurn && now());
    const renewal = setInterval(now, RENEW_MS);
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearTimeout(timer);
      clearInterval(renewal);
      document.removeEventListener("visibilitychange", seen);
      stopFollowing();
      stopListening();
      stream.close();
    };
  }, [path]);

  const meterId = match("/homes/:unitId/meters/:meterId")?.["meterId"];
  const meter = overview?.meters.find((one) => one.meter_id === meterId);
  return (
    <div class="frame">
      <TopBar me={me} home={home} />
      <main class="content">
        {overview === undefined ? (
          why === undefined ? (
            isSlow && <Skeleton heights={[56, 232, 232]} />
          ) : (
            <Refused code={why.code} again={reload} />
          )
        ) : meterId !== undefined && meter !== undefined ? (
          <MeterPage key={meterId} home={home} meter={meter} overview={overview} turn={turn} />
        ) : meterId !== undefined ? (
          <Notice isPage title={words.failed.gone} />
        ) : (
          <>
            <HomePage home={home} firstName={me.first_name} overview={overview} />
            {beside}
          </>
        )}
      </main>
      {overview !== undefined && (
        <footer class="last-line">
          <FreshnessLine
            freshness={told ?? overview.freshness}
            today={overview.today}
            zone={overview.zone}
            language={language.value}
            isConnected={isOpen && why === undefined}
          />
        </footer>
      )}
    </div>
  );
}

function Refused({ code, again }: { code: string; again(): void }) {
  const { words } = speech;
  const title =
    code === "offline" || code === "unavailable"
      ? words.failed.offline
      : code === "not_found" || code === "forbidden"
        ? words.failed.gone
        : words.failed.broken;
  return (
    <Notice isPage title={title} tone="bad">
      <Button onClick={again}>{words.failed.again}</Button>
    </Notice>
  );
}
