/**
 * `sync-door`: every request of a replicating gateway comes through here, on either engine.
 *
 * In this order: whose token is it (401), is the gateway revoked (401), does the list know such a
 * request and does the token open that database (403, in the same words whether it is foreign, not
 * there, or no database at all), then the body, bounded. Only then an engine sees anything.
 * Answers are in CouchDB's shape, because replicators read them.
 */
import { Hono } from "hono";
import {
  type GatewayToken,
  type KeyLookup,
  verifyGatewayToken,
} from "#shared/auth/gateway-token.ts";
import type { DatabaseName } from "#shared/model/database-names.ts";
import { Fault, type FaultCode, isFault } from "#shared/model/fault.ts";
import { MAX_BODY_BYTES, readBody } from "./bounded-body.ts";
import type { EngineOptions } from "./engine.ts";
import { parseSyncRequest, type SyncRequest } from "./sync-request.ts";

/** A request that may be served. */
export interface Admitted extends SyncRequest {
  readonly gateway: GatewayToken;
  /** The token as it came, for an engine that checks it again. */
  readonly token: string;
  /** Empty for a request without a body. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Ends when the caller goes. */
  readonly signal: AbortSignal;
}

/** A feed stays open no longer, whatever was asked: a revoked gateway is out after this, ms. */
export const FEED_LIFE_MS = 55_000;
/** A checkpoint is a list of 50 lines at most. */
const MAX_CHECKPOINT_BYTES = 64_000;
const PREFIX = "/sync";

const ERRORS = {
  invalid: [400, "bad_request"],
  unauthorized: [401, "unauthorized"],
  forbidden: [403, "forbidden"],
  not_found: [404, "not_found"],
  wrong_method: [405, "method_not_allowed"],
  conflict: [409, "conflict"],
  too_large: [413, "too_large"],
  too_many: [429, "too_many_requests"],
  unavailable: [503, "unavailable"],
} as const satisfies Record<FaultCode, readonly [number, string]>;

export const json = (status: number, body: unknown) =>
  new Response(`${JSON.stringify(body)}\n`, {
    status,
    headers: { "content-type": "application/json" },
  });

/** The one answer to everything that is not for this gateway. */
export const noSuchDatabase = () => new Fault("forbidden", "no such database for this gateway");

function answerTo(fault: Fault): Response {
  // A database that is not there is said in the same words as one that is somebody else's.
  const isMissing = fault.code === "not_found" && fault.details.isDocument !== true;
  const shown = isMissing ? noSuchDatabase() : fault;
  const [status, error] = ERRORS[shown.code];
  const answer = json(status, { error, reason: shown.message });
  // What was not read of a body cannot be skipped: the next request must not come over this line.
  if (status === 413) answer.headers.set("connection", "close");
  if (status === 401) answer.headers.set("www-authenticate", 'Bearer realm="riser"');
  return answer;
}

/** Whether a token opens a database: a community's for its gateways, a gateway's own for itself. */
export function mayOpen({ gatewayId, tenants }: GatewayToken, database: DatabaseName): boolean {
  return database.kind === "gateway"
    ? database.gatewayId === gatewayId
    : tenants.includes(database.tenant);
}

export interface DoorOptions extends EngineOptions {
  readonly keys: KeyLookup;
}

export function openDoor(
  options: DoorOptions,
  serve: (admitted: Admitted) => Promise<Response>,
): Hono {
  const { gate, clock, keys } = options;

  async function checkNotRevoked({ gatewayId }: GatewayToken): Promise<void> {
    if (await gate.isRevoked(gatewayId))
      throw new Fault("unauthorized", "this gateway was revoked");
  }

  function checkNotClosed({ database }: SyncRequest): void {
    if (database && "tenant" in database && gate.isClosed?.(database.tenant))
      throw noSuchDatabase();
  }

  async function admit(request: Request): Promise<Admitted> {
    const token = /^Bearer ([\w.-]{1,8192})$/i.exec(
      request.headers.get("authorization") ?? "",
    )?.[1];
    if (token === undefined) throw new Fault("unauthorized", "a bearer token is needed");
    const gateway = await verifyGatewayToken(token, keys, clock.now());
    await checkNotRevoked(gateway);
    const parsed = parseSyncRequest(request.method, new URL(request.url), PREFIX);
    if (!parsed) throw noSuchDatabase();
    if (parsed.database && !mayOpen(gateway, parsed.database)) throw noSuchDatabase();
    checkNotClosed(parsed);
    const hasBody = request.method === "POST" || parsed.operation === "putLocal";
    const limit = parsed.operation === "putLocal" ? MAX_CHECKPOINT_BYTES : MAX_BODY_BYTES;
    const isRead = hasBody && parsed.operation !== "commit";
    const body = isRead ? await readBody(request, limit) : {};
    // A body may take minutes to come: who was shut out meanwhile writes nothing.
    if (isRead) await checkNotRevoked(gateway);
    if (isRead) checkNotClosed(parsed);
    return { ...parsed, gateway, token, body, signal: request.signal };
  }

  return new Hono().all("*", async (context) => {
    try {
      const admitted = await admit(context.req.raw);
      if (admitted.operation === "welcome")
        return json(200, { couchdb: "Welcome", vendor: { name: "Riser" } });
      if (admitted.operation === "commit") return json(201, { ok: true, instance_start_time: "0" });
      return await serve(admitted);
    } catch (error) {
      if (isFault(error)) return answerTo(error);
      throw error;
    }
  });
}
