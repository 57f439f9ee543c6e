/**
 * `area`: the contract of one part of the hub's API. An area says where it lives and which right
 * it takes; an area that guards nothing does not compile.
 */
import type { Hono } from "hono";
import type { PersonDoc } from "#cloud/auth/people-store.ts";
import type { Fleet } from "#cloud/hub/fleet.ts";
import type { GatewayReports } from "#cloud/hub/gateway-reports.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import type { News } from "#cloud/hub/news.ts";
import type { Right } from "#shared/model/roles.ts";
import type { OrganizationScope } from "#shared/model/scope.ts";
import type { ReadingStore } from "#shared/series/reading-store.ts";

/** What a guarded request knows of who asks. */
export interface Env {
  Variables: {
    person: PersonDoc;
    scope: OrganizationScope;
    /** Whether the sign-in still holds: for answers that go on for long. */
    isStillSignedIn: () => Promise<boolean>;
  };
}

export interface AreaParts {
  readonly hub: Hub;
  readonly fleet: Fleet;
  readonly readings: ReadingStore;
  readonly reports: GatewayReports;
  readonly news: News;
  /** Aborts when the hub stops: ends answers that go on for long. */
  readonly stopping: AbortSignal;
}

export interface Area {
  /** Below `/api/v1`. */
  readonly path: `/${string}`;
  readonly right: Right;
  readonly api: (parts: AreaParts) => Hono<Env>;
}
