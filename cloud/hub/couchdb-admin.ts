/**
 * `couchdb-admin`: what the hub sets and checks on a real CouchDB, with its administrator's rights.
 *
 * Everything fails closed: a database that was made and not yet secured belongs to administrators
 * alone. Must never log or repeat the server's URL, which holds the password.
 */
import { createPublicKey } from "node:crypto";
import type { HttpCall } from "#shared/couch/http.ts";
import { parseDatabaseName, type DatabaseName } from "#shared/model/database-names.ts";
import { gatewayRole, tenantRole } from "#shared/auth/gateway-token.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { TokenKey } from "./engine.ts";
import { VALIDATE_SOURCE } from "./validate.ts";

const DESIGN = "_design/riser";

async function read<T>(answer: Response, what: string): Promise<T> {
  const body = (await answer.json()) as T;
  if (!answer.ok) throw new Fault("unavailable", `CouchDB answered ${answer.status} to ${what}`);
  return body;
}

/** The role a database is opened to, by its name. */
const roleOf = (database: DatabaseName) =>
  database.kind === "gateway" ? gatewayRole(database.gatewayId) : tenantRole(database.tenant);

/** Opens a replicated database to its gateways and gives it the rule; any other stays the administrators'. */
export async function secure(admin: HttpCall, name: string): Promise<void> {
  const database = parseDatabaseName(name);
  if (!database) return;
  const wanted = {
    admins: { names: [], roles: ["_admin"] },
    members: { names: [], roles: [roleOf(database)] },
  };
  // The rule comes first: a database is not open before it stands.
  const design = await admin("GET", `/${name}/${DESIGN}`);
  const stands = (await design.json()) as { _rev?: string; validate_doc_update?: string };
  if (!design.ok || stands.validate_doc_update !== VALIDATE_SOURCE) {
    const doc = {
      language: "javascript",
      validate_doc_update: VALIDATE_SOURCE,
      ...(design.ok && stands._rev !== undefined && { _rev: stands._rev }),
    };
    const written = await admin("PUT", `/${name}/${DESIGN}`, doc);
    // Another process of the hub may have written the same just now.
    if (written.status === 409) await written.body?.cancel();
    else await read(written, "the rule of a database");
  }
  const security = await read<object>(
    await admin("GET", `/${name}/_security`),
    "who may open a database",
  );
  if (JSON.stringify(security) !== JSON.stringify(wanted))
    await read(await admin("PUT", `/${name}/_security`, wanted), "who may open a database");
}

async function nodes(admin: HttpCall): Promise<string[]> {
  const { all_nodes } = await read<{ all_nodes: string[] }>(
    await admin("GET", "/_membership"),
    "its nodes",
  );
  return all_nodes;
}

/**
 * Makes every node take tokens of these keys and of no others. A key of any other origin could sign
 * a role `_admin`, so it is removed.
 */
export async function publishKeys(admin: HttpCall, keys: readonly TokenKey[]): Promise<void> {
  const wanted = new Map(
    keys.map(({ kid, publicJwk }) => {
      if (!/^[A-Za-z0-9_-]{1,64}$/.test(kid))
        throw new Fault("invalid", "a kid is letters, digits, - and _");
      const pem = createPublicKey({ key: publicJwk, format: "jwk" }).export({
        type: "spki",
        format: "pem",
      });
      // CouchDB's ini files hold one line: line ends are the two characters \ and n.
      return [`ec:${kid}`, pem.toString().trim().replaceAll("\n", "\\n")];
    }),
  );
  for (const node of await nodes(admin)) {
    const section = `/_node/${encodeURIComponent(node)}/_config/jwt_keys`;
    const held = await read<Record<string, string>>(await admin("GET", section), "its token keys");
    for (const [name, pem] of wanted)
      if (held[name] !== pem)
        await read(
          await admin("PUT", `${section}/${encodeURIComponent(name)}`, pem),
          "a token key",
        );
    for (const name of Object.keys(held))
      if (!wanted.has(name))
        await read(
          await admin("DELETE", `${section}/${encodeURIComponent(name)}`),
          "taking a token key back",
        );
  }
}

/** What an operator has to set, and the words in which it is told when it is not. */
const SETTINGS: readonly (readonly [
  string,
  string,
  (value: string | undefined) => boolean,
  string,
])[] = [
  [
    "chttpd",
    "authentication_handlers",
    (value = "") => value.includes("jwt_authentication_handler"),
    "must name {chttpd_auth, jwt_authentication_handler}",
  ],
  [
    "jwt_auth",
    "required_claims",
    (value = "") => /\bexp\b/.test(value) && !/\baud\b/.test(value),
    "must be exp (and not aud, which makes every request fail)",
  ],
  [
    "jwt_auth",
    "roles_claim_path",
    (value) => !value,
    "must not be set: roles stand in _couchdb.roles",
  ],
  [
    "jwt_auth",
    "roles_claim_name",
    (value) => value === undefined || value === "_couchdb.roles",
    "must be left as it is: roles stand in _couchdb.roles",
  ],
];

/**
 * Looks whether this CouchDB can be trusted with a hub's data.
 *
 * @throws Fault "unavailable" (cannot be asked), "unauthorized" (wrong credentials) or "invalid"
 * with the setting and what it must be
 */
export async function checkServer(admin: HttpCall, anonymous: HttpCall): Promise<void> {
  const { version } = await read<{ version?: string }>(await admin("GET", "/"), "its version");
  if (!version || Number(version.split(".")[0]) < 3)
    throw new Fault("invalid", `CouchDB 3 is needed, this is ${version ?? "none"}`);
  const session = await read<{ userCtx: { roles: string[] } }>(
    await admin("GET", "/_session"),
    "who we are",
  );
  if (!session.userCtx.roles.includes("_admin"))
    throw new Fault(
      "unauthorized",
      "COUCHDB_URL has to carry a server administrator's name and password",
    );
  // A server that asks everybody who they are (`require_valid_user`) answers nobody at all.
  const nobody = await anonymous("GET", "/_session")
    .then((answer) => read<{ userCtx: { roles: string[] } }>(answer, "who nobody is"))
    .catch((error: unknown) => {
      if (isFault(error, "unauthorized")) return undefined;
      throw error;
    });
  if (nobody?.userCtx.roles.includes("_admin"))
    throw new Fault(
      "invalid",
      "this CouchDB has no administrator: everybody is one. Set [admins] before it holds data",
    );
  for (const node of await nodes(admin)) {
    const config = await read<Record<string, Record<string, string>>>(
      await admin("GET", `/_node/${encodeURIComponent(node)}/_config`),
      "its settings",
    );
    for (const [section, name, isGood, must] of SETTINGS)
      if (!isGood(config[section]?.[name]))
        throw new Fault("invalid", `CouchDB's setting [${section}] ${name} ${must}`, {
          section,
          name,
          node,
        });
  }
}
