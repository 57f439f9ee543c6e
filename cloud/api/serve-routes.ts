/**
 * `serve-routes`: the areas' routes as an HTTP application: who asks, whether they may, what they
 * sent, what the audit hears, and the one shape of answers.
 */
import { Hono, type Context, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import { complaint } from "#shared/api/complaint.ts";
import { success } from "#shared/api/envelope.ts";
import { toProblem } from "#shared/api/problem.ts";
import { Fault } from "#shared/model/fault.ts";
import { keyScopeIds, rights, rightsOfKey, type Right } from "#shared/model/roles.ts";
import type { AreaParts } from "./area-parts.ts";
import { scopeFor, type Asker } from "./asker.ts";
import { remembered } from "./idempotency.ts";
import { nearestFirst } from "./nearest-first.ts";
import type { Area, Asked, Route, Rows } from "./route.ts";
import { callTrail, deedName } from "./trail.ts";

/** Who asks, found by what the request brings. */
export interface Found {
  readonly asker: Asker;
  /** Whether it still holds. */
  readonly isStillIn: () => Promise<boolean>;
}
export type FindAsker = (c: Context) => Promise<Found | undefined>;

export interface ServeOptions {
  readonly areas: readonly Area[];
  readonly parts: AreaParts;
  readonly findAsker: FindAsker;
  readonly onAuditFailed: (error: unknown) => void;
}

const MOST_BODY_BYTES = 1_000_000;
const isRight = (guard: string): guard is Right => (rights as readonly string[]).includes(guard);

/** The routes below `/api/v1`. Those with a fixed word come before those with a parameter in its place. */
export function serveRoutes(options: ServeOptions): Hono {
  const app = new Hono();
  const all = options.areas.flatMap(({ routes }) => routes);
  const ordered = all.toSorted(fixedFirst);
  for (const one of ordered) {
    const limit = one.upload?.mostBytes ?? MOST_BODY_BYTES;
    app.on(
      one.method.toUpperCase(),
      one.path === "/" ? "/" : one.path,
      bounded(limit),
      answer(one, options),
    );
  }
  // After all of them: what fits no other route is asked for in a way that there is not.
  for (const path of new Set(ordered.map((one) => one.path))) {
    const methods = all.flatMap((one) => (one.path === path ? one.method.toUpperCase() : []));
    app.all(path, (c) => wrongMethod(c, methods.sort()));
  }
  return app;
}

function wrongMethod(c: Context, methods: readonly string[]): Response {
  const allowed = methods.join(", ");
  const why = new Fault("wrong_method", `There is no ${c.req.method} here, but ${allowed}.`);
  const headers = { allow: allowed, "content-type": "application/problem+json" };
  return c.json(toProblem(why), 405, headers);
}

/** Refuses bodies that are longer, before they are read. */
export function bounded(maxSize: number): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new Fault("too_large", `This request has at most ${maxSize / 1e6} MB.`);
    },
  });
}

/** `/devices/upload` before `/devices/:dev_eui`, whatever the order of the lists. */
function fixedFirst(a: Route, b: Route): number {
  const [left, right] = [a.path.split("/"), b.path.split("/")];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const isNamed = [left[i], right[i]].map((part) => part?.startsWith(":") === true);
    if (isNamed[0] !== isNamed[1]) return isNamed[0] ? 1 : -1;
  }
  return 0;
}

function answer(one: Route, { parts, findAsker, onAuditFailed }: ServeOptions) {
  const handle = one.open(parts);
  const isChange = one.method !== "get";
  const known = queryNames(one);
  return async (c: Context): Promise<Response> => {
    c.header("cache-control", "no-store");
    const requestId = Buffer.from(parts.hub.random(8)).toString("hex");
    c.header("x-request-id", requestId);
    const found = one.right === "public" ? undefined : await findAsker(c);
    if (one.right !== "public" && !found) throw new Fault("unauthorized", "Please sign in.");
    const asker = found?.asker;
    const trail = callTrail({
      audit: parts.hub.audit,
      asker,
      from: parts.addressOf(c),
      requestId,
      silent:
        (isChange && one.isHarmless !== true) || one.isSensitive
          ? deedName(c, one.path)
          : undefined,
    });
    const end = async (error: unknown) => {
      try {
        await trail.end(error);
      } catch (failed) {
        onAuditFailed(failed);
        if (error === undefined)
          throw new Fault("unavailable", "The audit cannot be written just now.");
      }
    };
    let said: Response;
    try {
      const scope = asker && isRight(one.right) ? scopeFor(asker, one.right) : undefined;
      if (one.right !== "public") checkReady(one, asker);
      if (isRight(one.right) && !scope)
        throw new Fault("forbidden", whyNot(one.right, asker), { right: one.right });
      if (one.right === "signed-in" && asker?.kind !== "person")
        throw new Fault("forbidden", "This is for people who sign in.");
      checkAssistance(one, asker);
      const asked = {
        params: parse(one.params, c.req.param(), "path"),
        query: parse(one.query, knownOnly(c.req.query(), known), "query"),
        body: one.body ? parse(one.body, await json(c), "body") : undefined,
        scope,
        asker,
        trail,
        isStillIn: found?.isStillIn ?? (async () => false),
        c,
      } as Asked;
      const work = async () => respond(c, one, asked, await handle(asked));
      said =
        isChange && asker && one.isSecret !== true
          ? await remembered(parts.hub, c, asker, work)
          : await work();
    } catch (error) {
      await end(error);
      throw error;
    }
    await end(undefined);
    return said;
  };
}

/** What may be asked after the question mark; undefined where anything may. */
function queryNames({ query, anyQuery }: Route): ReadonlySet<string> | undefined {
  if (anyQuery) return undefined;
  const { properties = {} } = (
    query ? z.toJSONSchema(query, { io: "input", unrepresentable: "any" }) : {}
  ) as { properties?: object };
  return new Set(Object.keys(properties));
}

/** @throws Fault "invalid" for a name that nobody knows: left out in silence, all would be answered instead of some */
function knownOnly(
  query: Record<string, string>,
  known: ReadonlySet<string> | undefined,
): Record<string, string> {
  const strange = known && Object.keys(query).find((name) => !known.has(name));
  if (strange === undefined) return query;
  const name = strange.slice(0, 60);
  const why =
    known?.size === 0
      ? "nothing is asked for here after a question mark"
      : `is not known here, but ${nearestFirst(name, [...(known ?? [])]).join(", ")}`;
  throw new Fault("invalid", `${name}: ${why}`, { fields: { [name]: why } });
}

/** Why somebody without a right may not do what it is for: programs have scopes, people have roles. */
function whyNot(right: Right, asker: Asker | undefined): string {
  if (asker?.kind !== "key") return "Your role does not allow this.";
  const scopes = keyScopeIds.filter((scope) => rightsOfKey(scope, true).includes(right));
  return scopes.length === 0
    ? "This is for people who sign in: no API key may do it."
    : `This API key may not do this: it needs the scope ${scopes.join(" or ")}${
        scopes.some((scope) => rightsOfKey(scope, false).includes(right))
          ? ""
          : ", and to be for the whole organization"
      }.`;
}

/** Somebody whose password was chosen by an administrator chooses another one before anything else. */
function checkReady({ beforeReady }: Route, asker: Asker | undefined): void {
  if (beforeReady || asker?.kind !== "person" || asker.assistant) return;
  if (asker.person.mustChangePassword)
    throw new Fault("forbidden", "Please choose another password first.", {
      reason: "must-change-password",
    });
}

/** Who acts for somebody else looks only, unless they were given full control; some things are never theirs. */
function checkAssistance({ method, isHarmless, assisted }: Route, asker: Asker | undefined): void {
  const assistant = asker?.kind === "person" ? asker.assistant : undefined;
  if (!assistant || assisted === "always") return;
  const isLook = method === "get" || isHarmless === true;
  if (assisted === "never" || !(isLook || assistant.mayChange))
    throw new Fault(
      "forbidden",
      assisted === "never"
        ? "This is for the person alone, not for somebody who assists them."
        : "This assistance is for looking only.",
      { reason: "assistance" },
    );
}

function respond(c: Context, { answer: shape }: Route, asked: Asked, given: unknown): Response {
  if (given instanceof Response) return given;
  if ("none" in shape) return c.body(null, 204);
  if ("rows" in shape) {
    const { rows, total } = given as Rows<unknown>;
    const { limit, offset } = asked.query as { limit: number; offset: number };
    return c.json({ ...success(rows), total, limit, offset });
  }
  return c.json(success(given), "data" in shape ? (shape.status ?? 200) : 200);
}

async function json(c: Context): Promise<unknown> {
  const text = await c.req.text();
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault("invalid", "The body is not JSON.");
  }
}

/** @throws Fault "invalid" that names each field */
export function parse<T extends z.ZodType>(
  schema: T | undefined,
  given: unknown,
  where: "path" | "query" | "body",
): z.infer<T> | undefined {
  if (!schema) return undefined;
  const parsed = schema.safeParse(given, { error: complaint });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  // An id of a form that cannot be is of a thing that is not there.
  if (where === "path") throw new Fault("not_found", "There is no such thing here.");
  const fields = Object.fromEntries(
    issues.map(({ path, message }) => [path.join(".") || where, message]),
  );
  const [first] = Object.entries(fields);
  throw new Fault("invalid", `${first?.[0]}: ${first?.[1]}`, { fields });
}
