/**
 * `memory-databases`: databases that live as long as the test that opened them.
 *
 * They pass the same contract suite as the real ones; nothing outlives `close`.
 */
import PouchDB from "pouchdb";
import memoryAdapter from "pouchdb-adapter-memory";
import { ChangeBell } from "#shared/couch/change-bell.ts";
import { checkDatabaseName } from "#shared/couch/document-rules.ts";
import type { LocalDatabases } from "#shared/couch/leveldb.ts";
import { pouchDatabase } from "#shared/couch/pouch-database.ts";
import { type Clock, systemClock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";

PouchDB.plugin(memoryAdapter);
let places = 0;

export function openMemoryDatabases(options: { readonly clock?: Clock } = {}): LocalDatabases {
  const place = `memory-${(places += 1)}`;
  const bell = new ChangeBell(options.clock ?? systemClock);
  const held = new Map<string, PouchDB>();
  let made = 0;
  let isClosed = false;
  const view = (name: string) =>
    pouchDatabase(
      name,
      async (work) => {
        const pouch = held.get(name);
        if (isClosed) throw new Fault("unavailable", "the databases are closed");
        if (!pouch) throw new Fault("not_found", `there is no database ${name}`);
        return work(pouch);
      },
      bell,
      async () => {},
    );
  const open = async (name: string) => {
    checkDatabaseName(name);
    if (!held.has(name))
      held.set(
        name,
        new PouchDB(`${place}-${(made += 1)}-${name}`, {
          adapter: "memory",
          auto_compaction: true,
        }),
      );
    return view(name);
  };
  return {
    bell,
    openCount: () => held.size,
    inspect: async () => undefined,
    borrow: async (name, work) => {
      checkDatabaseName(name);
      const pouch = held.get(name);
      return pouch && work(pouch);
    },
    open,
    openShelf: open,
    async openExisting(name) {
      checkDatabaseName(name);
      return held.has(name) ? view(name) : undefined;
    },
    names: async () => [...held.keys()].sort(),
    async compact(name) {
      checkDatabaseName(name);
      await held.get(name)?.compact();
    },
    async destroy(name) {
      checkDatabaseName(name);
      const pouch = held.get(name);
      held.delete(name);
      await pouch?.close();
      bell.ring(name);
    },
    async close() {
      isClosed = true;
      bell.ringAll();
      await Promise.all([...held.values()].map((pouch) => pouch.close()));
      held.clear();
    },
  };
}
