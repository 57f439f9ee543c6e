/**
 * `months`: makes sure that the databases into which a community's gateways replicate are there
 * before they are needed: this month's and the next one's. Knows which months there are.
 */
import type { Databases, Database } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import { databaseName, monthOf, parseDatabaseName } from "#shared/model/database-names.ts";
import type { TenantName } from "#shared/model/ids.ts";

export interface Months {
  /** Makes what is missing. */
  ensure(tenants: readonly TenantName[]): Promise<void>;
  /** A community's months of segments, oldest first. */
  tele(tenant: TenantName): Promise<Database[]>;
}

export async function months(databases: Databases, clock: Clock): Promise<Months> {
  const known = new Set((await databases.names()).filter((name) => parseDatabaseName(name)));
  const next = (timeMs: number) => {
    const date = new Date(timeMs);
    return monthOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1));
  };
  return {
    async ensure(tenants) {
      const wanted = [monthOf(clock.now()), next(clock.now())];
      for (const tenant of tenants)
        for (const month of wanted)
          for (const name of [
            databaseName.tele(tenant, month),
            databaseName.events(tenant, month),
          ]) {
            if (known.has(name)) continue;
            await (await databases.open(name)).close();
            known.add(name);
          }
    },
    async tele(tenant) {
      const names = [...known].filter((name) => {
        const parsed = parseDatabaseName(name);
        return parsed?.kind === "tele" && parsed.tenant === tenant;
      });
      const found = await Promise.all(names.sort().map((name) => databases.openExisting(name)));
      return found.filter((database) => database !== undefined);
    },
  };
}
