import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compactDecrypt, CompactEncrypt, importJWK } from "jose";
import {
  APP_KEY,
  devEui,
  loadExample,
  openStand,
  type Stand,
  type TestGateway,
} from "#cloud/hub-stand.ts";
import { claimGateway } from "#cloud/hub/claim-gateway.ts";
import { load } from "#cloud/hub/load/load.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { TenantName } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";

const scope = systemScope("test");
const url = process.env.COUCHDB_URL;
for (const engine of url ? ["embedded", "CouchDB"] : ["embedded"]) onEngine(engine);

function onEngine(engine: string) {
  const test = suite<{ stand: Stand }>(`handed sessions on ${engine}`);
  test.before(async (context) => {
    context.stand = await openStand(engine === "CouchDB" ? url : undefined);
  });
  test.after(async ({ stand }) => stand.close());

  /** What a gateway writes of a device, brought as it brings it. */
  async function brings(stand: Stand, gateway: TestGateway, deviceId: string, text: string) {
    const jwe = await new CompactEncrypt(new TextEncoder().encode(text))
      .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM" })
      .encrypt(await importJWK(stand.hub.hub.secrets.sealing.publicJwk, "ECDH-ES+A256KW"));
    const answer = await stand.ask("POST", `/sync/${databaseName.gateway(gateway.id)}/_bulk_docs`, {
      headers: { authorization: `Bearer ${await stand.token(gateway)}` },
      body: {
        new_edits: false,
        docs: [
          {
            _id: `session:${deviceId}`,
            _rev: `1-${"b".repeat(32)}`,
            type: "session",
            v: 1,
            gatewayId: gateway.id,
            deviceId,
            mark: "00112233-000001/32",
            at: new Date(stand.clock.now()).toISOString(),
            jwe,
          },
        ],
      },
    });
    assert.is(answer.status, 201, answer.text);
    assert.equal(answer.json, []);
  }

  test("the machine that takes another's place gets its sessions, sealed for it, until it has its own", async ({
    stand,
  }) => {
    const { hub } = stand.hub;
    const tenant = stand.tenant("river") as TenantName;
    await load(hub, loadExample(tenant));
    const old = await stand.enrolled(tenant);
    const deviceId = devEui(tenant, 1);
    await brings(stand, old, deviceId, "the session");
    const community = (await hub.communities.list(scope)).find((one) => one.tenant === tenant)!;
    const { code } = await hub.gatewayClaims.make(scope, {
      organizationId: community.organizationId,
      communities: [community.communityId],
      label: "River",
      lifeMs: 3_600_000,
      replaces: old.id,
    });
    const next = await stand.gateway();
    await claimGateway(hub, code, next.identity);
    const bundle = async () => {
      const site = await hub.databases.open(databaseName.site(tenant, community.generation));
      const doc = await site.get(`keys:${next.id}`);
      const { plaintext } = await compactDecrypt(doc?.jwe as string, next.encryption);
      assert.not.ok(JSON.stringify(await site.list()).includes("the session"));
      return JSON.parse(new TextDecoder().decode(plaintext)) as Record<string, object>;
    };
    const first = await bundle();
    assert.equal(first.sessions, { [deviceId]: "the session" });
    assert.ok(JSON.stringify(first.devices).includes(APP_KEY));
    const site = await hub.databases.open(databaseName.site(tenant, community.generation));
    assert.is(await site.get(`keys:${old.id}`), undefined);

    await brings(stand, next, deviceId, "a session of its own");
    await hub.adopt(community);
    assert.is((await bundle()).sessions, undefined);
  });

  test("a gateway that replaces none gets no sessions of others", async ({ stand }) => {
    const { hub } = stand.hub;
    const tenant = stand.tenant("hill") as TenantName;
    await load(hub, loadExample(tenant));
    const one = await stand.enrolled(tenant);
    await brings(stand, one, devEui(tenant, 1), "its session");
    const other = await stand.enrolled(tenant);
    const community = (await hub.communities.list(scope)).find((it) => it.tenant === tenant)!;
    await hub.adopt(community);
    const site = await hub.databases.open(databaseName.site(tenant, community.generation));
    assert.is(await site.get(`keys:${other.id}`), undefined);
    const { plaintext } = await compactDecrypt(
      (await site.get(`keys:${one.id}`))?.jwe as string,
      one.encryption,
    );
    assert.not.ok(new TextDecoder().decode(plaintext).includes("session"));
  });
  test.run();
}
