import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { httpCall } from "#shared/couch/http.ts";
import { isFault } from "#shared/model/fault.ts";
import { checkServer, publishKeys, secure } from "./couchdb-admin.ts";
import { VALIDATE_SOURCE } from "./validate.ts";

type Answers = Record<string, unknown>;

/** A server that answers as it is told, to be misconfigured in ways that a real one is not here. */
async function answering(answers: Answers, work: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    const who = request.headers.authorization ? "admin" : "anonymous";
    const body = answers[`${who} ${request.url}`] ?? answers[request.url ?? ""];
    response.writeHead(body === undefined ? 401 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(body ?? { error: "unauthorized" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(`http://admin:secret@127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
const session = (...roles: string[]) => ({ userCtx: { roles } });
const good: Answers = {
  "/": { version: "3.4.3" },
  "admin /_session": session("_admin"),
  "anonymous /_session": session(),
  "/_membership": { all_nodes: ["n1"] },
  "/_node/n1/_config": {
    chttpd: { authentication_handlers: "{chttpd_auth, jwt_authentication_handler}" },
    jwt_auth: { required_claims: "exp" },
  },
};
async function verdict(changes: Answers): Promise<string> {
  let told = "nothing was told";
  await answering({ ...good, ...changes }, async (url) => {
    const nobody = url.replace("admin:secret@", "");
    told = await checkServer(httpCall({ url }), httpCall({ url: nobody })).then(
      () => "good",
      (error: unknown) => (isFault(error) ? `${error.code}: ${error.message}` : String(error)),
    );
  });
  assert.not.match(told, "secret");
  return told;
}
const config = (jwt: object, handlers = "{chttpd_auth, jwt_authentication_handler}") => ({
  "/_node/n1/_config": { chttpd: { authentication_handlers: handlers }, jwt_auth: jwt },
});

const checks = suite("the check of a CouchDB");
checks("a server set up as the hub needs it is good", async () => {
  assert.is(await verdict({}), "good");
});
checks("an admin party, an old server, and a mere user are refused in words", async () => {
  assert.match(
    await verdict({ "anonymous /_session": session("_admin") }),
    /^invalid: .*no administrator/,
  );
  assert.match(await verdict({ "/": { version: "2.3.1" } }), /^invalid: CouchDB 3 is needed/);
  assert.match(
    await verdict({ "admin /_session": session("reader") }),
    /^unauthorized: COUCHDB_URL/,
  );
});
checks("a setting that is missing or wrong is named", async () => {
  assert.match(
    await verdict(config({ required_claims: "exp" }, "{chttpd_auth, default}")),
    "authentication_handlers",
  );
  assert.match(await verdict(config({})), "required_claims");
  assert.match(await verdict(config({ required_claims: "exp,aud" })), "required_claims");
  assert.match(
    await verdict(config({ required_claims: "exp", roles_claim_path: "a.b" })),
    "roles_claim_path",
  );
  assert.match(
    await verdict(config({ required_claims: "exp", roles_claim_name: "roles" })),
    "roles_claim_name",
  );
});
checks("on a cluster every node is looked at", async () => {
  const told = await verdict({
    "/_membership": { all_nodes: ["n1", "n2"] },
    "/_node/n2/_config": {},
  });
  assert.match(told, "authentication_handlers");
});
checks.run();

const couchdbUrl = process.env.COUCHDB_URL;
if (couchdbUrl) {
  const test = suite("what the hub sets on CouchDB");
  const admin = httpCall({ url: couchdbUrl });
  const run = randomBytes(4).toString("hex");
  const name = `t-adm${run}-tele-202611`;
  const json = async <T>(method: string, path: string, body?: unknown) =>
    (await (await admin(method, path, body)).json()) as T;
  test.before(async () => void (await json("PUT", `/${name}?q=1`)));
  test.after(async () => void (await json("DELETE", `/${name}`)));

  test("a database is opened to the role its name says, and carries the rule; doing it again changes nothing", async () => {
    await secure(admin, name);
    const design = await json<{ _rev: string; validate_doc_update: string }>(
      "GET",
      `/${name}/_design/riser`,
    );
    assert.is(design.validate_doc_update, VALIDATE_SOURCE);
    assert.equal(await json("GET", `/${name}/_security`), {
      admins: { names: [], roles: ["_admin"] },
      members: { names: [], roles: [`t:adm${run}:gateway`] },
    });
    await secure(admin, name);
    assert.is((await json<{ _rev: string }>("GET", `/${name}/_design/riser`))._rev, design._rev);
  });
  test("a rule or an opening that somebody changed is put right", async () => {
    const design = await json<{ _rev: string }>("GET", `/${name}/_design/riser`);
    await json("PUT", `/${name}/_design/riser`, {
      ...design,
      validate_doc_update: "function () {}",
    });
    await json("PUT", `/${name}/_security`, { members: { names: ["somebody"], roles: [] } });
    await secure(admin, name);
    const stands = await json<{ validate_doc_update: string }>("GET", `/${name}/_design/riser`);
    assert.is(stands.validate_doc_update, VALIDATE_SOURCE);
    const opened = await json<{ members: object }>("GET", `/${name}/_security`);
    assert.equal(opened.members, { names: [], roles: [`t:adm${run}:gateway`] });
  });
  test("keys are set line by line as CouchDB wants them, and those of nobody are taken away", async () => {
    const publicJwk = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({
      format: "jwk",
    });
    const section = "/_node/_local/_config/jwt_keys";
    const before = await json<Record<string, string>>("GET", section);
    await json("PUT", `${section}/${encodeURIComponent("hmac:stray")}`, "c2VjcmV0");
    await publishKeys(admin, [{ kid: `adm-${run}`, publicJwk }]);
    const held = await json<Record<string, string>>("GET", section);
    assert.equal(Object.keys(held), [`ec:adm-${run}`]);
    assert.match(
      held[`ec:adm-${run}`] ?? "",
      /^-----BEGIN PUBLIC KEY-----\\n[^\n]+\\n-----END PUBLIC KEY-----$/,
    );
    await publishKeys(admin, []);
    for (const [kid, pem] of Object.entries(before))
      await json("PUT", `${section}/${encodeURIComponent(kid)}`, pem);
  });
  test("a key name that could be something else is refused", async () => {
    const publicJwk = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({
      format: "jwk",
    });
    const told = await publishKeys(admin, [{ kid: "../admins/x", publicJwk }]).catch(
      (error: unknown) => error,
    );
    assert.ok(isFault(told, "invalid"));
  });
  test.run();
} else process.on("exit", () => console.log("NOT TRIED: CouchDB (COUCHDB_URL is not set)"));
