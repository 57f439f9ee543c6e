/**
 * `event-log`: a community's events, over all months: written by one writer, read from all.
 *
 * The same on both sides. What cannot be read (a damaged document, a type of a later version) is
 * left out and counted; it must never stop the others.
 */
import { databaseName, parseDatabaseName } from "#shared/model/database-names.ts";
import { eventId, parseEventId } from "#shared/model/events/event.ts";
import {
  parseEvent,
  type EventDoc,
  type EventOf,
  type EventTypeName,
} from "#shared/model/events/list.ts";
import { isFault } from "#shared/model/fault.ts";
import type { TenantName, WriterId } from "#shared/model/ids.ts";
import type { Database, Databases, Doc } from "./database.ts";

/** What whoever writes an event says; the rest is the log's. */
export type Said<T extends EventTypeName> = Omit<EventOf<T>, "_id" | "writer" | "v" | "type"> & {
  readonly v?: EventOf<T>["v"];
};

export interface EventLog {
  readonly writer: WriterId;
  /**
   * Writes an event; resolves with its id when it is durable. The same name of the same type again
   * writes nothing: an event is written once.
   */
  append<T extends EventTypeName>(
    tenant: TenantName,
    type: T,
    name: string,
    said: Said<T>,
  ): Promise<string>;
  /** All events of a type, of all writers, month by month, oldest month first. */
  read<T extends EventTypeName>(
    tenant: TenantName,
    type: T,
    options?: { readonly fromMonth?: string; readonly writer?: WriterId },
  ): AsyncGenerator<EventOf<T>>;
}

export interface EventLogOptions {
  readonly databases: Databases;
  readonly writer: WriterId;
  /** The month new events go to, `yyyymm`: never one that is over by trusted time. */
  readonly month: (tenant: TenantName) => string;
  /** Of a community that was erased nothing is written any more. */
  readonly isGone?: (tenant: TenantName) => boolean;
  readonly onWritten?: (tenant: TenantName) => void;
  readonly onDamaged?: (id: string) => void;
}

const PAGE = 500;
const VERSION = 1;

export function eventLog(options: EventLogOptions): EventLog {
  const { databases, writer, month, onWritten } = options;
  const { isGone = () => false, onDamaged = () => undefined } = options;

  const monthsOf = async (tenant: TenantName, fromMonth = "") =>
    (await databases.names())
      .filter((name) => {
        const parsed = parseDatabaseName(name);
        return parsed?.kind === "events" && parsed.tenant === tenant && parsed.month >= fromMonth;
      })
      .sort();

  return {
    writer,
    async append(tenant, type, name, said) {
      const _id = eventId(writer, type, name);
      const doc = { v: VERSION, ...said, _id, type, writer } as unknown as EventDoc & Doc;
      if (!parseEvent(doc)) throw new Error(`an event of type ${type} has a wrong shape`);
      if (isGone(tenant)) return _id;
      const database = await databases.open(databaseName.events(tenant, month(tenant)));
      try {
        await database.put(doc);
      } catch (error) {
        if (!isFault(error, "conflict")) throw error;
        return _id;
      }
      onWritten?.(tenant);
      return _id;
    },
    async *read<T extends EventTypeName>(
      tenant: TenantName,
      type: T,
      { fromMonth, writer: only }: { fromMonth?: string; writer?: WriterId } = {},
    ) {
      for (const name of await monthsOf(tenant, fromMonth)) {
        const database = await databases.openExisting(name);
        if (!database) continue;
        const writers = only === undefined ? writersIn(database) : [only];
        for await (const one of writers)
          for await (const doc of between(database, `e:${one}:${type}:`)) {
            const event = parseEvent(doc);
            if (event?.type === type && event.writer === one) yield event as EventOf<T>;
            else onDamaged(doc._id);
          }
      }
    },
  };
}

/** Who wrote into a database: one look-up per writer, not per event. */
async function* writersIn(database: Database): AsyncGenerator<WriterId> {
  for (let from = "e:"; ;) {
    const [id] = await database.ids({ from, to: "e:\uffff", limit: 1 });
    if (id === undefined) return;
    const writer = parseEventId(id)?.writer;
    if (writer) yield writer;
    // The character after ":" ends all names that begin with this writer's.
    from = writer ? `e:${writer};` : `${id}\u0000`;
  }
}

async function* between(database: Database, prefix: string): AsyncGenerator<Doc> {
  for (let from = prefix; ;) {
    const page = await database.list({ from, to: `${prefix}\uffff`, limit: PAGE });
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    from = `${last._id}\u0000`;
  }
}
