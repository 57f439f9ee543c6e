/** `admin-app`: which of the operator's pages is shown. */
import { useEffect } from "preact/hooks";
import type { Operator } from "#shared/api/admin.ts";
import { path } from "#shared/web/place.ts";
import { AssistanceBand } from "./assistance-band.tsx";
import { followChanges } from "./changes.ts";
import { CommunitiesPage } from "./communities-page.tsx";
import { DevicesPage } from "./devices-page.tsx";
import { Frame } from "./frame.tsx";
import { latePage } from "./late-page.tsx";
import { OverviewPage } from "./overview-page.tsx";
import { Refused } from "./refused.tsx";
import { resume, session } from "./session.ts";
import { SignInPage } from "./sign-in-page.tsx";
import { speech } from "./speech.ts";
import { UnregisteredPage } from "./unregistered-page.tsx";
import "./claim-sheet-page.css";
import "./conservation-page.css";
import "./decoders-page.css";
import "./gateways-page.css";
import "./new-community.css";
import "./mappings-page.css";
import "./own-pages.css";

// Pages that are not the daily ones come when they are gone to.
const ConservationPage = latePage(
  async () => (await import("./conservation-page.tsx")).ConservationPage,
);
const GatewaysPage = latePage(async () => (await import("./gateways-page.tsx")).GatewaysPage);
const DecodersPage = latePage(async () => (await import("./decoders-page.tsx")).DecodersPage);
const ProfilePage = latePage(async () => (await import("./profile-page.tsx")).ProfilePage);
const MappingsPage = latePage(async () => (await import("./mappings-page.tsx")).MappingsPage);

/** Before anybody is signed in, or instead. */
const apart = {
  "/activate": latePage(async () => (await import("./activate-page.tsx")).ActivatePage),
  "/claim": latePage(async () => (await import("./claim-page.tsx")).ClaimPage),
  "/confirm": latePage(async () => (await import("./confirm-page.tsx")).ConfirmPage),
  "/enter": latePage(async () => (await import("./enter-page.tsx")).EnterPage),
  "/setup": latePage(async () => (await import("./setup-page.tsx")).SetupPage),
  "/forgotten": latePage(async () => (await import("./forgotten-page.tsx")).ForgottenPage),
};
const MustChangePage = latePage(
  async () => (await import("./must-change-page.tsx")).MustChangePage,
);
const ResidentPages = latePage(async () => (await import("./resident-pages.tsx")).ResidentPages);

export function AdminApp() {
  const now = session.value;
  const Apart = apart[path.value as keyof typeof apart];
  if (Apart !== undefined) return <Apart key={path.value} />;
  if (now.is === "asking") return null;
  if (now.is === "out") return <SignInPage wasIn={now.wasIn} />;
  if (now.is === "failed")
    return (
      <main class="entrance">
        <Refused isPage why={now.why} again={() => void resume()} />
      </main>
    );
  const { operator } = now;
  if (operator.must_change_password) return <MustChangePage />;
  return (
    <>
      <AssistanceBand operator={operator} />
      {/* Who lives somewhere and manages nothing sees their home. */}
      {operator.homes && operator.rights.length === 0 ? (
        <ResidentPages key={operator.person_id} />
      ) : (
        <SignedIn operator={operator} />
      )}
    </>
  );
}

function SignedIn({ operator }: { operator: Operator }) {
  const { words } = speech;
  useEffect(followChanges, []);
  const [, first = ""] = path.value.split("/");
  const pages = {
    "": { page: OverviewPage, title: words.frame.overview },
    communities: { page: CommunitiesPage, title: words.frame.communities },
    devices: { page: DevicesPage, title: words.frame.devices },
    unregistered: { page: UnregisteredPage, title: words.frame.unregistered },
    gateways: { page: GatewaysPage, title: words.frame.gateways },
    mappings: { page: MappingsPage, title: words.mappings.title },
    decoders: { page: DecodersPage, title: words.decoders.title },
    profile: { page: ProfilePage, title: words.profile.title },
    conservation: { page: ConservationPage, title: words.conservation.title },
  };
  const { page: Page, title } = pages[first as keyof typeof pages] ?? pages[""];
  useEffect(() => {
    document.title = `${title} · ${operator.organization.name}`;
  }, [title, operator]);
  return (
    <Frame operator={operator}>
      <Page key={first} />
    </Frame>
  );
}
