/** `list`: every area of the hub's API. The application, the API document and the isolation matrix are made from it. */
import type { Area } from "#cloud/api/route.ts";
import { communities } from "./communities/area.ts";
import { conservation } from "./conservation/area.ts";
import { dashboards } from "./dashboards/area.ts";
import { decoders } from "./decoders/area.ts";
import { devices } from "./devices/area.ts";
import { gateways } from "./gateways/area.ts";
import { ingest } from "./ingest/area.ts";
import { keys } from "./keys/area.ts";
import { groups } from "./groups/area.ts";
import { live } from "./live/area.ts";
import { mappings } from "./mappings/area.ts";
import { organization } from "./organization/area.ts";
import { overview } from "./overview/area.ts";
import { people } from "./people/area.ts";
import { assistance } from "./assistance/area.ts";
import { audit } from "./audit/area.ts";
import { privacy } from "./privacy/area.ts";
import { profile } from "./profile/area.ts";
import { reports } from "./reports/area.ts";
import { roles } from "./roles/area.ts";
import { signIn } from "./sign-in/area.ts";
import { undecoded } from "./undecoded/area.ts";
import { units } from "./units/area.ts";
import { unregistered } from "./unregistered/area.ts";
import { uploads } from "./uploads/area.ts";
import { virtualMeters } from "./virtual-meters/area.ts";
import { webhooks } from "./webhooks/area.ts";
import { waysIn } from "./ways-in/area.ts";
import { homes } from "./homes/area.ts";

export const areas: readonly Area[] = [
  signIn,
  communities,
  units,
  groups,
  dashboards,
  organization,
  people,
  homes,
  waysIn,
  roles,
  assistance,
  profile,
  privacy,
  audit,
  devices,
  unregistered,
  uploads,
  decoders,
  mappings,
  reports,
  virtualMeters,
  undecoded,
  gateways,
  conservation,
  overview,
  ingest,
  keys,
  webhooks,
  live,
];
