/**
 * `gateway-token`: how a gateway proves itself (an assertion) and what it gets for it (an access token).
 *
 * Both are JWTs signed with ES256 and nothing else: CouchDB checks the access token again and knows
 * no EdDSA. Must never put a role into a token that is not made here from a gateway's id or a
 * community's name: a role `_admin` would be the whole server.
 *
 * @see RFC 7523 (assertions), RFC 7518 section 3.4 (ES256), CouchDB "JWT Authentication"
 */
import { randomBytes } from "node:crypto";
import { type CryptoKey, type JWTPayload, jwtVerify, type KeyObject, SignJWT } from "jose";
import { Fault } from "#shared/model/fault.ts";
import { GatewayId, TenantName } from "#shared/model/ids.ts";

/** A P-256 key, private to sign and public to verify. */
export type SigningKey = CryptoKey | KeyObject;

const ROLES = "_couchdb.roles";
/** No access token lives longer: a revoked gateway without a hub that checks is out after this, ms. */
export const TOKEN_LIFE_MS = 600_000;
const ASSERTION_LIFE_MS = 60_000;
/** How far a gateway's clock may be from the hub's, ms. */
const CLOCK_TOLERANCE_MS = 120_000;

/** The role that opens a community's databases. */
export const tenantRole = (tenant: TenantName) => `t:${tenant}:gateway`;
/** The role that opens a gateway's own database. */
export const gatewayRole = (gatewayId: GatewayId) => `g:${gatewayId}`;

const TENANT_ROLE = /^t:(?<tenant>[^:]+):gateway$/;

export interface GatewayToken {
  readonly gatewayId: GatewayId;
  readonly tenants: readonly TenantName[];
  /** Epoch ms. */
  readonly expMs: number;
}

export interface IssueOptions {
  readonly key: SigningKey;
  /** Names the key; CouchDB keeps it as `ec:{kid}`. */
  readonly kid: string;
  readonly gatewayId: GatewayId;
  readonly tenants: readonly TenantName[];
  readonly nowMs: number;
  /** At most `TOKEN_LIFE_MS`, which is the default. */
  readonly ttlMs?: number;
}

/** An access token for `/sync`. @throws Fault "invalid" for ids that are none, or too long a life */
export async function issueGatewayToken(options: IssueOptions): Promise<string> {
  const { key, kid, nowMs, ttlMs = TOKEN_LIFE_MS } = options;
  // Parsed again here, whatever the types say: what goes into a role decides who may read what.
  const gatewayId = GatewayId.safeParse(options.gatewayId);
  const tenants = options.tenants.map((tenant) => TenantName.safeParse(tenant));
  if (!gatewayId.success || tenants.some((tenant) => !tenant.success))
    throw new Fault("invalid", "a token is for a gateway and its communities, by their ids");
  if (!(ttlMs > 0 && ttlMs <= TOKEN_LIFE_MS))
    throw new Fault("invalid", `a token lives at most ${TOKEN_LIFE_MS} ms`);
  const roles = [
    gatewayRole(gatewayId.data),
    ...tenants.flatMap((tenant) => (tenant.data ? [tenantRole(tenant.data)] : [])),
  ];
  const issuedAt = Math.floor(nowMs / 1000);
  return new SignJWT({ [ROLES]: roles })
    .setProtectedHeader({ alg: "ES256", typ: "JWT", kid })
    .setSubject(gatewayId.data)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + Math.floor(ttlMs / 1000))
    .sign(key);
}

/** The public key of a `kid`, or undefined for one that is not (or no longer) taken. */
export type KeyLookup = (kid: string) => SigningKey | undefined;

const refused = (details: Record<string, unknown> = {}, cause?: unknown) =>
  new Fault(
    "unauthorized",
    "the gateway's token is missing, expired or not one of ours",
    details,
    cause,
  );

/** Reads an access token. @throws Fault "unauthorized" for anything else */
export async function verifyGatewayToken(
  token: string,
  keys: KeyLookup,
  nowMs: number,
): Promise<GatewayToken> {
  const payload = await verified(token, nowMs, (kid) =>
    kid === undefined ? undefined : keys(kid),
  );
  const gatewayId = GatewayId.safeParse(payload.sub);
  const roles = payload[ROLES];
  if (!gatewayId.success || !Array.isArray(roles) || roles[0] !== gatewayRole(gatewayId.data))
    throw refused();
  if (payload.exp * 1000 - payload.iat * 1000 > TOKEN_LIFE_MS) throw refused();
  const tenants = roles.slice(1).map((role) => {
    const tenant = TenantName.safeParse(
      typeof role === "string" ? TENANT_ROLE.exec(role)?.groups?.tenant : undefined,
    );
    if (!tenant.success) throw refused();
    return tenant.data;
  });
  return { gatewayId: gatewayId.data, tenants, expMs: payload.exp * 1000 };
}

type Timed = JWTPayload & { readonly iat: number; readonly exp: number };

async function verified(
  token: string,
  nowMs: number,
  keyOf: (
    kid: string | undefined,
    payload: JWTPayload,
  ) => SigningKey | undefined | Promise<SigningKey | undefined>,
  options: { readonly audience?: string; readonly toleranceMs?: number } = {},
): Promise<Timed> {
  const { audience, toleranceMs = 0 } = options;
  try {
    const { payload } = await jwtVerify(
      token,
      async (header, jws) => {
        const claims: unknown = JSON.parse(
          Buffer.from(jws.payload as string, "base64url").toString(),
        );
        const key = await keyOf(header.kid, claims as JWTPayload);
        if (!key) throw refused();
        return key;
      },
      {
        algorithms: ["ES256"],
        requiredClaims: ["sub", "iat", "exp"],
        currentDate: new Date(nowMs),
        clockTolerance: toleranceMs / 1000,
        ...(audience !== undefined && { audience }),
      },
    );
    const { iat, exp } = payload;
    if (iat === undefined || exp === undefined || iat * 1000 > nowMs + toleranceMs) throw refused();
    return { ...payload, iat, exp };
  } catch (error) {
    throw refused({}, error);
  }
}

export interface AssertionOptions {
  /** The gateway's own private key. */
  readonly key: SigningKey;
  readonly gatewayId: GatewayId;
  /** The address of the token route, as the hub calls itself. */
  readonly audience: string;
  readonly nowMs: number;
}

/** What a gateway sends to get an access token: signed by itself, good once and for 60 s. */
export async function signAssertion({
  key,
  gatewayId,
  audience,
  nowMs,
}: AssertionOptions): Promise<string> {
  const issuedAt = Math.floor(nowMs / 1000);
  return new SignJWT({ jti: randomBytes(16).toString("base64url") })
    .setProtectedHeader({ alg: "ES256", typ: "JWT" })
    .setIssuer(gatewayId)
    .setSubject(gatewayId)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ASSERTION_LIFE_MS / 1000)
    .sign(key);
}

export interface VerifyAssertionOptions {
  /** The enrolled public key of a gateway, or undefined for one that is unknown or revoked. */
  readonly keyOf: (
    gatewayId: GatewayId,
  ) => SigningKey | undefined | Promise<SigningKey | undefined>;
  readonly audience: string;
  readonly nowMs: number;
  /** Assertions taken before, with the time (epoch ms) until which each is remembered. Kept by the caller, cleaned here. */
  readonly seen: Map<string, number>;
}

/**
 * Says which gateway an assertion comes from, once per assertion.
 *
 * @throws Fault "unauthorized"; its details carry the hub's time, because a gateway whose clock is
 * more than two minutes off is refused too and has to be able to see why
 */
export async function verifyAssertion(
  assertion: string,
  options: VerifyAssertionOptions,
): Promise<GatewayId> {
  const { keyOf, audience, nowMs, seen } = options;
  const fault = (cause?: unknown) => refused({ hubTimeAt: new Date(nowMs).toISOString() }, cause);
  try {
    const payload = await verified(
      assertion,
      nowMs,
      (_kid, claims) => {
        const claimed = GatewayId.safeParse(claims.sub);
        return claimed.success ? keyOf(claimed.data) : undefined;
      },
      { audience, toleranceMs: CLOCK_TOLERANCE_MS },
    );
    const { sub, iss, jti, iat, exp } = payload;
    if (iss !== sub || typeof jti !== "string" || jti.length < 16 || jti.length > 64) throw fault();
    if ((exp - iat) * 1000 > ASSERTION_LIFE_MS) throw fault();
    for (const [old, untilMs] of seen) if (untilMs < nowMs) seen.delete(old);
    const once = `${sub}:${jti}`;
    if (seen.has(once)) throw fault();
    seen.set(once, exp * 1000 + CLOCK_TOLERANCE_MS);
    return GatewayId.parse(sub);
  } catch (error) {
    throw fault(error);
  }
}
