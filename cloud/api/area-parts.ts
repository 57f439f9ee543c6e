/** `area-parts`: what every route of the hub may use. */
import type { Context } from "hono";
import type { Cookies } from "#cloud/auth/cookies.ts";
import type { CommunityIndex } from "#cloud/hub/community-index.ts";
import type { Conservations } from "#cloud/hub/conservation.ts";
import type { Directory } from "#cloud/hub/directory.ts";
import type { Fleet } from "#cloud/hub/fleet.ts";
import type { GatewayReports } from "#cloud/hub/gateway-reports.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import type { Inventory } from "#cloud/hub/inventory.ts";
import type { News } from "#cloud/hub/news.ts";
import type { Sandbox } from "#shared/devices/sandbox/sandbox.ts";
import type { HubWriter } from "#cloud/intake/hub-writer.ts";
import type { Deliveries } from "#cloud/webhooks/deliveries.ts";
import type { FindDecoder } from "#shared/devices/decode-uplink.ts";
import type { TenantName } from "#shared/model/ids.ts";
import type { Tally } from "#shared/model/refusals.ts";
import type { ResidentViews } from "#cloud/hub/resident-views.ts";
import type { UnitIndex } from "#cloud/hub/unit-index.ts";
import type { ReadingStore } from "#shared/series/reading-store.ts";
import type { SeriesStore } from "#shared/series/series-store.ts";

export interface AreaParts {
  readonly hub: Hub;
  readonly fleet: Fleet;
  readonly inventory: Inventory;
  readonly communities: CommunityIndex;
  readonly units: UnitIndex;
  readonly directory: Directory;
  /** What residents are shown. */
  readonly residents: ResidentViews;
  readonly readings: ReadingStore;
  readonly reports: GatewayReports;
  readonly conservations: Conservations;
  readonly news: News;
  /** Runs makers' scripts. */
  readonly sandbox: Sandbox;
  /** What is derived: days, and what nothing could be made of. */
  readonly roll: SeriesStore;
  /** The hub as a writer of telemetry, for webhooks and imports. */
  readonly intake: HubWriter;
  /** What decodes a community's models. */
  readonly findersOf: (tenant: TenantName) => FindDecoder;
  readonly tally: Tally;
  /** What other systems are told. */
  readonly deliveries: Deliveries;
  readonly cookies: Cookies;
  /** The address of the browser or program that asks. */
  readonly addressOf: (c: Context) => string;
  /** Somebody did not get in. */
  readonly onSignInFailed: () => void;
  /** Where people open the hub, without a slash at the end: for links in mails and letters. */
  readonly url: () => string;
  /** Does something after the answer; what fails is logged under these words, and a stop waits for it. */
  readonly later: (work: () => Promise<void>, what: string) => void;
  /** Aborts when the hub stops: ends answers that go on for long. */
  readonly stopping: AbortSignal;
}
