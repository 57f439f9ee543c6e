import { generateKeyPairSync } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { calculateJwkThumbprint, compactDecrypt, type JWK } from "jose";
import type { Database } from "#shared/couch/database.ts";
import type { SessionDoc } from "#shared/model/gateway-docs.ts";
import type { DeviceId, GatewayId } from "#shared/model/ids.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { steerableClock } from "#shared/testing/steerable-clock.ts";
import { sessionExports } from "./session-exports.ts";

const gatewayId = "gw-0000000000000001" as GatewayId;
const deviceId = "70b3d57ed0000001" as DeviceId;

const newHub = () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { kty, crv, x, y } = publicKey.export({ format: "jwk" });
  return { key: privateKey, jwk: { kty, crv, x, y } as JWK };
};

const test = suite<{ database: Database }>("session exports");
test.before.each(async (context) => {
  context.database = await openMemoryDatabases().open("g");
});

const open = (database: Database, hub: { jwk: JWK | undefined }, mark = { is: "one" }) =>
  sessionExports({
    database,
    gatewayId,
    sessions: () => [{ deviceId, mark: mark.is, text: () => `the session, ${mark.is}` }],
    hubKey: () => hub.jwk,
    clock: steerableClock(),
  });
const written = async (database: Database) =>
  (await database.get<SessionDoc & { _rev: string }>(`session:${deviceId}`))!;

test("a session is sealed for the hub's key, which it names, and written anew when it is another one", async ({
  database,
}) => {
  const hub = newHub();
  const mark = { is: "one" };
  const exports = open(database, hub, mark);
  await exports.flush();
  const first = await written(database);
  const { plaintext, protectedHeader } = await compactDecrypt(first.jwe, hub.key);
  assert.is(new TextDecoder().decode(plaintext), "the session, one");
  assert.is(protectedHeader.kid, await calculateJwkThumbprint(hub.jwk));
  await exports.flush();
  await open(database, hub, mark).flush();
  assert.is((await written(database))._rev, first._rev, "also after a restart");
  mark.is = "two";
  await exports.flush();
  assert.is((await written(database)).mark, "two");
});

test("a hub with another key gets all of them, sealed for that one; nothing is written before one is met", async ({
  database,
}) => {
  const hub: { jwk: JWK | undefined } = { jwk: undefined };
  const exports = open(database, hub);
  await exports.flush();
  assert.equal(await database.ids(), []);
  const [first, second] = [newHub(), newHub()];
  hub.jwk = first.jwk;
  await exports.flush();
  hub.jwk = second.jwk;
  await exports.flush();
  await compactDecrypt((await written(database)).jwe, second.key);
  hub.jwk = first.jwk;
  await open(database, hub).flush();
  await compactDecrypt((await written(database)).jwe, first.key);
});

test("what stands there damaged is written anew", async ({ database }) => {
  const hub = newHub();
  await open(database, hub).flush();
  await database.put({ ...(await written(database)), jwe: "no such text" });
  await open(database, hub).flush();
  await compactDecrypt((await written(database)).jwe, hub.key);
});

test.run();
