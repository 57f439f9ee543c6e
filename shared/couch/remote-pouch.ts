/**
 * `remote-pouch`: the hub's side of a replication, as PouchDB wants to see it.
 *
 * Every request goes through `ask`, so that it ends; every answer is looked at before PouchDB gets
 * it. Some of PouchDB's own methods are replaced because they fail in ways nobody can catch.
 */
import PouchDB from "pouchdb";
import { Fault, isFault } from "#shared/model/fault.ts";
import { ask, type AskOptions, type Fetch, readJson } from "./answer.ts";

export interface RemoteOptions {
  readonly name: string;
  /** The hub's `/sync`. */
  readonly url: string;
  readonly token: () => Promise<string>;
  readonly timeoutMs: number;
  readonly fetch?: Fetch | undefined;
  /** Ends what is under way. */
  readonly off: AbortSignal;
  /** Called before and after each request. */
  readonly moved: () => void;
  /** Told of the first answer that cannot be got over, and of all that follow. */
  readonly giveUp: (fault: Fault) => void;
}

/**
 * A PouchDB of its own over the same handle, some methods replaced. It has its own listeners, so
 * that a replication leaves none behind on a handle that is kept.
 */
export function facade(pouch: PouchDB, replaced: Record<string, unknown>): PouchDB {
  return Object.assign(
    Object.create(pouch) as PouchDB,
    { _events: Object.create(null), _eventsCount: 0 },
    replaced,
  );
}

/**
 * Whether an answer has the form PouchDB counts on: over some others it asks again without end, and
 * an empty one it takes for "nothing new".
 */
function makesSense(address: string, isOk: boolean, said: unknown): boolean {
  const isList = Array.isArray(said);
  const isObject = typeof said === "object" && said !== null && !isList;
  if (!isOk) return isObject && typeof (said as { error?: unknown }).error === "string";
  if (address.endsWith("_bulk_docs"))
    return isList && said.every((one) => typeof one === "object" && one !== null);
  if (!isObject) return false;
  const { results, last_seq, _id, ok } = said as Record<string, unknown>;
  if (/_changes\?/.test(address)) return isRows(results) && last_seq !== undefined;
  if (/_bulk_get\?/.test(address))
    return isRows(results) && results.every((row) => isRows((row as { docs?: unknown }).docs));
  if (/\/_local\//.test(address)) return typeof _id === "string" || ok === true;
  return address.endsWith("_revs_diff");
}

const isRows = (value: unknown): value is object[] =>
  Array.isArray(value) && value.every((row) => typeof row === "object" && row !== null);

/** PouchDB takes addresses apart itself and knows no IPv6: it is given a place it understands. */
const STAND_IN = "http://hub";

/** PouchDB asks it for a progress bar only, and a failure there would be nobody's: an unhandled rejection. */
export const calmInfo = (name: string) => async () => ({
  db_name: name,
  doc_count: 0,
  update_seq: 0,
});

export function remotePouch(options: RemoteOptions) {
  const { name, token, timeoutMs, fetch, off, moved, giveUp } = options;
  const url = `${options.url.replace(/\/+$/, "")}/${name}`;
  const askOptions: AskOptions = {
    timeoutMs,
    signal: off,
    headers: async () => ({ authorization: `Bearer ${await token()}` }),
    ...(fetch && { fetch }),
  };
  const asked = async (method: string, address: string, body?: string) => {
    moved();
    try {
      const answer = await ask({ method, url: address, body }, askOptions);
      // Read here, within the request's time: PouchDB would read it without a limit.
      const said = await readJson<unknown>(answer);
      if (!makesSense(address, answer.ok, said))
        throw new Fault("unavailable", "the answer is not the hub's: it has another form", {
          status: answer.status,
          isForeign: true,
        });
      return { ok: answer.ok, status: answer.status, said };
    } catch (error) {
      const fault = isFault(error)
        ? error
        : new Fault("unavailable", (error as Error).message, {}, error);
      giveUp(fault);
      throw fault;
    } finally {
      moved();
    }
  };
  const { origin, pathname } = new URL(url);
  const pouch = new PouchDB(`${STAND_IN}${pathname}`, {
    skip_setup: true,
    fetch: async (address: string, init: { method?: string; body?: string } = {}) => {
      const place = `${origin}${address.slice(STAND_IN.length)}`;
      const { ok, status, said } = await asked(init.method ?? "GET", place, init.body);
      return { ok, status, json: async () => said };
    },
  });
  const remote = facade(pouch, {
    info: calmInfo(name),
    /** A part of the checkpoint's name: the hub may move to another address and stays the same. */
    id: async () => name,
    /** PouchDB would remember one failure for ever and ask document by document from then on. */
    bulkGet: async ({ docs }: { docs: object[] }) => {
      const path = `${url}/_bulk_get?revs=true&latest=true`;
      const { ok, status, said } = await asked("POST", path, JSON.stringify({ docs }));
      if (!ok) throw new Fault("unavailable", `the hub answered ${status} to _bulk_get`);
      return said;
    },
  });
  return { pouch, remote };
}
