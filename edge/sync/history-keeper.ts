/**
 * `history-keeper`: fetches a community's frozen months, and lets go of this gateway's own copy of
 * a month when the hub has said that it did.
 *
 * A segment of this gateway that the hub does not list among those it had is never dropped: then
 * the month stays, and it is said.
 */
import type { Database, Databases } from "#shared/couch/database.ts";
import { pagesOfIds } from "#shared/couch/every-id.ts";
import type { CommunityTalk } from "#shared/api/gateway-talk.ts";
import { databaseName, parseDatabaseName } from "#shared/model/database-names.ts";
import { FrozenMonthDoc } from "#shared/model/frozen.ts";
import type { GatewayId, TenantName } from "#shared/model/ids.ts";
import { parseSegmentId } from "#shared/model/segment.ts";

export interface HistoryKeeperOptions {
  readonly databases: Databases;
  readonly gatewayId: GatewayId;
  /** Brings a local database in step with the hub's of the same name. @throws Fault */
  readonly pull: (name: string) => Promise<void>;
  /** Frozen months have come; of these (`yyyymm`) the segments are gone here too. */
  readonly onChanged: (tenant: TenantName, gone: readonly string[]) => Promise<void>;
  readonly log: {
    info(about: object, message: string): void;
    warn(about: object, message: string): void;
  };
}

export interface HistoryKeeper {
  /** @throws Fault; what was fetched before stays */
  fetch(community: CommunityTalk, signal: AbortSignal): Promise<void>;
}

export function historyKeeper(options: HistoryKeeperOptions): HistoryKeeper {
  const { databases, gatewayId, pull, onChanged, log } = options;
  const seen = new Map<TenantName, string>();

  /** Drops this gateway's copy of a month; false when there is more in it than the hub had. */
  const letGo = async (tenant: TenantName, word: FrozenMonthDoc): Promise<boolean> => {
    const name = databaseName.tele(tenant, word.month);
    const tele = await databases.openExisting(name);
    if (!tele) return true;
    const more = await unknownTo(tele, gatewayId, word, (id) => isLater(tenant, word.month, id));
    await tele.close();
    // The chain goes on from its last segment, however old that is.
    if (!(await goesOnAfter(tenant, word.month))) return false;
    if (more !== undefined) {
      log.warn(
        { name, segment: more },
        "the hub let go of a month without a segment that is here: it stays",
      );
      return false;
    }
    await databases.destroy(name);
    log.info({ name }, "the month is frozen on the hub; its segments are dropped here too");
    return true;
  };

  /** A segment that came late is on the hub in a later month, and comes back from there. */
  const isLater = async (tenant: TenantName, month: string, id: string): Promise<boolean> => {
    for (const name of await databases.names()) {
      const parsed = parseDatabaseName(name);
      if (parsed?.kind !== "tele" || parsed.tenant !== tenant || parsed.month <= month) continue;
      const later = await databases.openExisting(name);
      const found = await later?.get(id);
      await later?.close();
      if (found) return true;
    }
    return false;
  };

  const goesOnAfter = async (tenant: TenantName, month: string): Promise<boolean> => {
    for (const name of await databases.names()) {
      const parsed = parseDatabaseName(name);
      if (parsed?.kind !== "tele" || parsed.tenant !== tenant || parsed.month <= month) continue;
      const later = await databases.openExisting(name);
      const own = await later?.ids({
        from: `s:${gatewayId}:`,
        to: `s:${gatewayId}:\uffff`,
        limit: 1,
      });
      await later?.close();
      if (own && own.length > 0) return true;
    }
    return false;
  };

  return {
    async fetch({ tenant, history, historyVersion }, signal) {
      if (seen.get(tenant) === historyVersion) return;
      const names = history.filter((name) => isHistoryOf(name, tenant));
      const gone: string[] = [];
      for (const name of names) {
        if (signal.aborted) return;
        const database = await databases.open(name);
        await pull(name);
        const word = FrozenMonthDoc.safeParse(await database.get("month"));
        await database.close();
        if (word.success && (await letGo(tenant, word.data))) gone.push(word.data.month);
      }
      for (const name of await databases.names())
        if (isHistoryOf(name, tenant) && !names.includes(name)) await databases.destroy(name);
      if (signal.aborted) return;
      await onChanged(tenant, gone);
      seen.set(tenant, historyVersion);
    },
  };
}

function isHistoryOf(name: string, tenant: TenantName): boolean {
  const parsed = parseDatabaseName(name);
  return (parsed?.kind === "hist" || parsed?.kind === "daily") && parsed.tenant === tenant;
}

/** The first of this gateway's segments that the hub does not list. */
async function unknownTo(
  tele: Database,
  gatewayId: GatewayId,
  { segments }: FrozenMonthDoc,
  isElsewhere: (id: string) => Promise<boolean>,
): Promise<string | undefined> {
  const prefix = `s:${gatewayId}:`;
  for await (const page of pagesOfIds(tele, prefix))
    for (const id of page) {
      const place = parseSegmentId(id);
      const isListed = segments.some(
        ({ writer, epoch, from: first, to }) =>
          place?.writer === writer &&
          place.epoch === epoch &&
          first <= place.seq &&
          place.seq <= to,
      );
      if (!isListed && !(await isElsewhere(id))) return id;
    }
  return undefined;
}
