/** `matrix-list`: the rows of all areas in the isolation matrix. */
import type { Rows } from "#cloud/api/matrix.ts";
import { rows as communities } from "./communities/matrix.ts";
import { rows as conservation } from "./conservation/matrix.ts";
import { rows as dashboards } from "./dashboards/matrix.ts";
import { rows as decoders } from "./decoders/matrix.ts";
import { rows as devices } from "./devices/matrix.ts";
import { rows as gateways } from "./gateways/matrix.ts";
import { rows as ingest } from "./ingest/matrix.ts";
import { rows as keys } from "./keys/matrix.ts";
import { rows as groups } from "./groups/matrix.ts";
import { rows as live } from "./live/matrix.ts";
import { rows as mappings } from "./mappings/matrix.ts";
import { rows as organization } from "./organization/matrix.ts";
import { rows as overview } from "./overview/matrix.ts";
import { rows as people } from "./people/matrix.ts";
import { rows as assistance } from "./assistance/matrix.ts";
import { rows as audit } from "./audit/matrix.ts";
import { rows as privacy } from "./privacy/matrix.ts";
import { rows as profile } from "./profile/matrix.ts";
import { rows as reports } from "./reports/matrix.ts";
import { rows as roles } from "./roles/matrix.ts";
import { rows as signIn } from "./sign-in/matrix.ts";
import { rows as undecoded } from "./undecoded/matrix.ts";
import { rows as units } from "./units/matrix.ts";
import { rows as unregistered } from "./unregistered/matrix.ts";
import { rows as uploads } from "./uploads/matrix.ts";
import { rows as virtualMeters } from "./virtual-meters/matrix.ts";
import { rows as webhooks } from "./webhooks/matrix.ts";
import { rows as waysIn } from "./ways-in/matrix.ts";
import { rows as homes } from "./homes/matrix.ts";

export const matrixRows: Rows = {
  ...communities,
  ...conservation,
  ...dashboards,
  ...decoders,
  ...devices,
  ...reports,
  ...virtualMeters,
  ...gateways,
  ...ingest,
  ...keys,
  ...groups,
  ...live,
  ...mappings,
  ...organization,
  ...overview,
  ...people,
  ...homes,
  ...waysIn,
  ...roles,
  ...assistance,
  ...profile,
  ...privacy,
  ...audit,
  ...signIn,
  ...undecoded,
  ...units,
  ...unregistered,
  ...uploads,
  ...webhooks,
};
