/** `home-page`: everything a home uses, one card per meter. */
import { addDays } from "../local-dates.ts";
import type { Overview } from "#shared/api/resident.ts";
import { Button } from "../components/button.tsx";
import { Notice } from "../components/notice.tsx";
import { language } from "../language.ts";
import { longDate } from "../moments.ts";
import { MeterCard } from "./meter-card.tsx";
import { hints } from "./preferences.ts";
import type { Home } from "./session.ts";
import { speech } from "./speech.ts";
import "./home-page.css";

export interface HomePageProps {
  readonly home: Home;
  readonly firstName: string;
  readonly overview: Overview;
}

export function HomePage({ home, firstName, overview }: HomePageProps) {
  const { words } = speech;
  const { today, zone, meters } = overview;
  const where = [firstName, home.building]
    .filter((part) => part !== undefined && part !== "")
    .join(" · ");
  const isFormer = home.to !== undefined && home.to <= today;
  return (
    <>
      <div class="home-title">
        <h1>{home.name}</h1>
        <p class="muted">{where}</p>
      </div>
      {isFormer && home.to !== undefined && (
        <div class="band">
          <p class="band-title">
            {words.home.livedHere(
              longDate(
                addDays(home.to, -1),
                language.value,
                home.to.slice(0, 4) !== today.slice(0, 4),
              ),
            )}
          </p>
          <p class="small">{words.home.livedHereText}</p>
        </div>
      )}
      {hints.value === "open" && meters.length > 0 && (
        <aside class="hint" aria-label={words.hints.label}>
          <p>
            {words.hints.cards} {words.hints.fresh}
          </p>
          <Button weight="bare" onClick={() => (hints.value = "read")}>
            {words.hints.done}
          </Button>
        </aside>
      )}
      {meters.length === 0 ? (
        <Notice title={words.home.noMeters} text={words.home.noMetersText} />
      ) : (
        <div class="meter-cards">
          {meters.map((meter) => (
            <MeterCard key={meter.meter_id} meter={meter} home={home} today={today} zone={zone} />
          ))}
        </div>
      )}
    </>
  );
}
