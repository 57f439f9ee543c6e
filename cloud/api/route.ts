/**
 * `route`: the contract of one call of the hub's API. A route says who may ask (a right), what it
 * takes and what it answers; the application, the API document, the isolation matrix and the typed
 * client are made from that. A route that guards nothing does not compile.
 */
import type { Context } from "hono";
import type { z } from "zod";
import type { Right } from "#shared/model/roles.ts";
import type { HubScope } from "#shared/model/scope.ts";
import type { Asker, PersonAsker } from "./asker.ts";
import type { AreaParts } from "./area-parts.ts";
import type { Trail } from "./trail.ts";

/** `public`: anybody. `signed-in`: people with a sign-in, whatever their role. */
export type Guard = Right | "signed-in" | "public";

/** What a handler is given; all of it was checked. */
export interface Asked<G extends Guard = Guard, P = unknown, Q = unknown, B = unknown> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Where the asker has the route's right. Every store takes it. */
  readonly scope: G extends Right ? HubScope : undefined;
  readonly asker: G extends "public" ? undefined : G extends "signed-in" ? PersonAsker : Asker;
  /** What the audit is told of this call. */
  readonly trail: Trail;
  /** Whether the sign-in or key still holds: for answers that go on for long. */
  readonly isStillIn: () => Promise<boolean>;
  /** For what is not JSON: cookies, streams, files. */
  readonly c: Context;
}

/** What comes back when all went well. */
export type Answer =
  /** `{"status":"success","data":…}`. */
  | { readonly status?: 200 | 201 | 202; readonly data: z.ZodType }
  /** A list: `{"status":"success","data":[…],"total","limit","offset"}`; the handler gives `Rows`. */
  | { readonly rows: z.ZodType }
  /** Nothing to say: 204. */
  | { readonly none: true }
  /** A file or a stream, of these media types; the handler gives a `Response`. */
  | { readonly file: readonly string[] };

/** A list's page, cut by the handler. */
export interface Rows<T> {
  readonly rows: readonly T[];
  readonly total: number;
}

export interface Upload {
  /** Media types that are taken. */
  readonly types: readonly string[];
  readonly mostBytes: number;
}

interface Declared<G extends Guard, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** Below `/api/v1`, with `:names`. */
  readonly path: `/${string}`;
  readonly right: G;
  /** One sentence for the API document and the docs page. */
  readonly title: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Instead of a JSON body: the handler reads `c.req.arrayBuffer()`. */
  readonly upload?: Upload;
  readonly answer: Answer;
  /** A read that is written into the audit too (personal exports, keys, what residents use). */
  readonly isSensitive?: true;
  /** A change that says nothing (a test, a preview): not in the audit. */
  readonly isHarmless?: true;
  /**
   * Under remote assistance. By default a look is allowed, a change with full control alone.
   * `never`: what is the person's alone (their password, their ways in). `always`: what ends it.
   */
  readonly assisted?: "never" | "always";
  /** Answered also to somebody who has to choose another password first. */
  readonly beforeReady?: true;
  /** Strangers who lead somebody here add parameters of their own: what nobody knows is passed over. */
  readonly anyQuery?: true;
  /** The answer holds a secret that is shown once: never kept for a repeated request. */
  readonly isSecret?: true;
}

export interface Route extends Declared<Guard, z.ZodType, z.ZodType, z.ZodType> {
  /** Called once per application; what it prepares is shared by all requests. */
  readonly open: (parts: AreaParts) => (asked: Asked) => unknown;
}

/** Declares a route; exists for the types. */
export function route<
  G extends Guard,
  P extends z.ZodType = z.ZodType<unknown>,
  Q extends z.ZodType = z.ZodType<unknown>,
  B extends z.ZodType = z.ZodType<unknown>,
>(
  declared: Declared<G, P, Q, B> & {
    readonly open: (
      parts: AreaParts,
    ) => (asked: Asked<G, z.infer<P>, z.infer<Q>, z.infer<B>>) => unknown;
  },
): Route {
  return declared as unknown as Route;
}

/** One part of the product: a name and its calls. */
export interface Area {
  readonly name: string;
  /** For the API document. */
  readonly title: string;
  readonly routes: readonly Route[];
}
