/**
 * `idempotency`: a change sent twice under the same `Idempotency-Key` is done once; the second
 * answer is the first one's (draft-ietf-httpapi-idempotency-key-header). Kept for a day.
 *
 * Faults are not kept: what was refused may be sent again. Answers with a secret never come here.
 */
import { createHash } from "node:crypto";
import type { Context } from "hono";
import type { Hub } from "#cloud/hub/hub.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { Asker } from "./asker.ts";

/**
 * `once:{sha256 of asker and key}` in `riser`. Without `answer` the first one is under way, or was cut off.
 *
 * History: 1 = first release.
 */
export interface OnceDoc {
  readonly _id: string;
  readonly type: "once";
  readonly v: 1;
  /** SHA-256 of method, path, query and body. */
  readonly request: string;
  readonly startedAt: string;
  readonly expiresAt: string;
  readonly answer?: { readonly status: number; readonly type: string; readonly body: string };
  readonly [field: string]: unknown;
}

const LIFE_MS = 86_400_000;
/** One that has not answered for so long was cut off by a stop. */
const GIVEN_UP_MS = 120_000;
const KEY = /^[\x21-\x7e]{1,200}$/;
const hash = (...parts: readonly string[]) =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex");

export async function remembered(
  hub: Hub,
  c: Context,
  asker: Asker,
  work: () => Promise<Response>,
): Promise<Response> {
  const key = c.req.header("idempotency-key");
  if (key === undefined) return work();
  if (!KEY.test(key))
    throw new Fault("invalid", "An Idempotency-Key has 1 to 200 visible ASCII characters.");
  const riser = hub.registry.riser.database;
  const nowMs = hub.clock.now();
  const body = Buffer.from(await c.req.arrayBuffer()).toString("base64");
  const { pathname, search } = new URL(c.req.url);
  const request = hash(c.req.method, pathname, search, body);
  const _id = `once:${hash(asker.organizationId, asker.id, key)}`;
  const old = await riser.get<OnceDoc>(_id);
  if (old && Date.parse(old.expiresAt) > nowMs) {
    if (old.request !== request)
      throw new Fault("conflict", "This Idempotency-Key was used for another request.");
    if (old.answer) {
      c.header("idempotency-replayed", "true");
      return c.body(old.answer.body, old.answer.status as 200, { "content-type": old.answer.type });
    }
    if (nowMs - Date.parse(old.startedAt) < GIVEN_UP_MS)
      throw new Fault(
        "conflict",
        "The first request with this Idempotency-Key is still under way.",
      );
  }
  const begun: OnceDoc = {
    _id,
    ...(old?._rev === undefined ? {} : { _rev: old._rev }),
    type: "once",
    v: 1,
    request,
    startedAt: new Date(nowMs).toISOString(),
    expiresAt: new Date(nowMs + LIFE_MS).toISOString(),
  };
  const { rev } = await riser.put(begun).catch((error: unknown) => {
    if (isFault(error, "conflict"))
      throw new Fault(
        "conflict",
        "The first request with this Idempotency-Key is still under way.",
      );
    throw error;
  });
  let said: Response;
  try {
    said = await work();
  } catch (error) {
    await riser.remove(_id, rev);
    throw error;
  }
  const answer = {
    status: said.status,
    type: said.headers.get("content-type") ?? "application/json",
    body: await said.clone().text(),
  };
  await riser.put({ ...begun, _rev: rev, answer });
  return said;
}

/** Removes those whose day is over. */
export async function sweepRemembered(hub: Hub): Promise<void> {
  const riser = hub.registry.riser.database;
  const nowMs = hub.clock.now();
  for (const doc of await riser.list<OnceDoc>({ from: "once:", to: "once:\uffff" }))
    if (Date.parse(doc.expiresAt) <= nowMs && doc._rev !== undefined)
      await riser.remove(doc._id, doc._rev as string);
}
