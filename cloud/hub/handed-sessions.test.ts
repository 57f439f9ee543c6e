import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compactDecrypt, CompactEncrypt, importJWK, type CompactJWEHeaderParameters } from "jose";
import { gatewayRow } from "#cloud/areas/gateways/gateway-row.ts";
import {
  APP_KEY,
  devEui,
  loadExample,
  openStand,
  type Loose,
  type Stand,
  type TestGateway,
} from "#cloud/hub-stand.ts";
import { claimGateway } from "#cloud/hub/claim-gateway.ts";
import type { CommunityDoc } from "#cloud/hub/hub.ts";
import { predecessorsOf } from "#cloud/hub/handed-sessions.ts";
import { hubKey, newPem, type HubKey } from "#cloud/hub/hub-key.ts";
import { load } from "#cloud/hub/load/load.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { GatewayId, TenantName } from "#shared/model/ids.ts";
import { systemScope, type Scope } from "#shared/model/scope.ts";

const scope = systemScope("test");
const url = process.env.COUCHDB_URL;
for (const engine of url ? ["embedded", "CouchDB"] : ["embedded"]) onEngine(engine);

function onEngine(engine: string) {
  const test = suite<{ stand: Stand }>(`handed sessions on ${engine}`);
  test.before(async (context) => {
    context.stand = await openStand(engine === "CouchDB" ? url : undefined);
  });
  test.after(async ({ stand }) => stand.close());

  /** A session as a gateway seals it; for another hub where `key` is another one's. */
  async function sealed(
    stand: Stand,
    text: string,
    { publicJwk, kid }: Pick<HubKey, "publicJwk" | "kid"> = stand.hub.hub.secrets.sealing,
    more: Partial<CompactJWEHeaderParameters> = {},
  ) {
    return new CompactEncrypt(new TextEncoder().encode(text))
      .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM", kid, ...more })
      .encrypt(await importJWK(publicJwk, "ECDH-ES+A256KW"));
  }

  /** What a gateway writes of a device, brought as it brings it. */
  async function brings(
    stand: Stand,
    gateway: TestGateway,
    deviceId: string,
    text: string,
    changed: object = {},
  ) {
    const jwe = await sealed(stand, text);
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
            ...changed,
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
  /** A machine in the place of another one. */
  async function successor(stand: Stand, tenant: TenantName, old: TestGateway) {
    const { hub } = stand.hub;
    const community = (await hub.communities.list(scope)).find((one) => one.tenant === tenant)!;
    const { code } = await hub.gatewayClaims.make(scope, {
      organizationId: community.organizationId,
      communities: [community.communityId],
      label: "Next",
      lifeMs: 3_600_000,
      replaces: old.id,
    });
    const next = await stand.gateway();
    await claimGateway(hub, code, next.identity);
    const sessions = async () => {
      const site = await hub.databases.open(databaseName.site(tenant, community.generation));
      const doc = await site.get(`keys:${next.id}`);
      const { plaintext } = await compactDecrypt(doc?.jwe as string, next.encryption);
      const bundle: Loose = JSON.parse(new TextDecoder().decode(plaintext));
      return bundle.sessions;
    };
    return { community, next, sessions };
  }

  /** By reason, as Prometheus reads it. */
  async function counted(stand: Stand, reason: string): Promise<number> {
    const { text } = await stand.ask("GET", "/metrics");
    const line = text.split("\n").find((one) => one.includes(`refused_total{reason="${reason}"}`));
    return Number(line?.split(" ").at(-1));
  }

  const bytes = (jwe: string, part: number, change: (text: string) => string) =>
    jwe
      .split(".")
      .map((text, i) => (i === part ? change(text) : text))
      .join(".");
  /** Another letter in the middle of a part. */
  const flipped = (text: string) => {
    const at = text.length >> 1;
    return `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
  };

  type Bad = (stand: Stand) => Promise<object>;
  const bad: readonly [what: string, reason: string, changed: Bad][] = [
    [
      "whose bytes are damaged",
      "session_damaged",
      async (stand) => ({ jwe: bytes(await sealed(stand, "it"), 3, flipped) }),
    ],
    [
      "whose sealed key is damaged",
      "session_damaged",
      async (stand) => ({ jwe: bytes(await sealed(stand, "it"), 1, flipped) }),
    ],
    ["that is cut off", "session_damaged", async () => ({ jwe: "eyJhbGciOiJFQ0RI" })],
    ["without its text", "session_damaged", async () => ({ jwe: undefined })],
    [
      "sealed for another hub",
      "session_foreign_key",
      async (stand) => ({ jwe: await sealed(stand, "it", await hubKey(newPem())) }),
    ],
    ["of a newer shape", "session_newer", async () => ({ v: 2, jwe: undefined, sealed: {} })],
    [
      "sealed in a newer way",
      "session_newer",
      async (stand) => ({
        jwe: await sealed(stand, "it".repeat(20_000), undefined, { zip: "DEF" }),
      }),
    ],
  ];
  for (const [i, [what, reason, changed]] of bad.entries())
    test(`a session ${what} is counted once and named, and its neighbour's is handed over`, async ({
      stand,
    }) => {
      const { hub } = stand.hub;
      const tenant = stand.tenant(`bad-${i}`) as TenantName;
      const file = loadExample(tenant);
      const [first, second] = file.communities[0]!.devices;
      // Both join over the air, with this gateway.
      Object.assign(second!, { ...first, dev_eui: second!.dev_eui, name: second!.name });
      delete (second as Loose).serial;
      delete (second as Loose).installations;
      await load(hub, file);
      const old = await stand.enrolled(tenant);
      const [broken, neighbour] = [devEui(tenant, 1), devEui(tenant, 2)];
      await brings(stand, old, broken, "it", await changed(stand));
      await brings(stand, old, neighbour, "the neighbour's");
      const before = await counted(stand, reason);
      const { community, next, sessions } = await successor(stand, tenant, old);
      assert.equal(await sessions(), { [neighbour]: "the neighbour's" });
      assert.is(await counted(stand, reason), before + 1);

      const cookie = await stand.operator(`olga@${tenant}.example`);
      const row = async () => {
        const answer = await stand.ask("GET", `/api/v1/gateways/${next.id}`, { cookie });
        return answer.json.data.left_behind;
      };
      assert.equal(await row(), [{ device: broken, why: reason }]);
      await hub.adopt(community);
      assert.is(await counted(stand, reason), before + 1, "the same one is counted once");

      await brings(stand, next, broken, "joined anew");
      await hub.adopt(community);
      assert.equal(await row(), [], "it joined anew");
      assert.is(await counted(stand, reason), before + 1);
    });

  test("a device with a session for life is counted, and not asked to join", async ({ stand }) => {
    const { hub } = stand.hub;
    const tenant = stand.tenant("fixed") as TenantName;
    const file = loadExample(tenant);
    const key = "0f".repeat(16);
    Object.assign(file.communities[0]!.devices[0]!, {
      join_eui: undefined,
      app_key: undefined,
      dev_addr: "260b1234",
      nwk_s_key: key,
      app_s_key: key,
    });
    await load(hub, file);
    const old = await stand.enrolled(tenant);
    await brings(stand, old, devEui(tenant, 1), "it", { jwe: "cut off" });
    const before = await counted(stand, "session_damaged");
    const { community, next, sessions } = await successor(stand, tenant, old);
    assert.is(await sessions(), undefined);
    await hub.adopt(community);
    assert.is(await counted(stand, "session_damaged"), before + 1);
    assert.equal(
      await hub.leftBehind.of(scope, await hub.gateways.find(scope, next.id), [
        community.communityId,
      ]),
      [],
    );
  });

  test("where the machine between brought nothing of a device, the one before it counts", async ({
    stand,
  }) => {
    const tenant = stand.tenant("thrice") as TenantName;
    await load(stand.hub.hub, loadExample(tenant));
    const first = await stand.enrolled(tenant);
    const deviceId = devEui(tenant, 1);
    await brings(stand, first, deviceId, "of the first");
    const { next: second } = await successor(stand, tenant, first);
    const { sessions: third, next } = await successor(stand, tenant, second);
    assert.equal(await third(), { [deviceId]: "of the first" });
    await brings(stand, next, deviceId, "of the third");
    const { sessions: fourth } = await successor(stand, tenant, next);
    assert.equal(await fourth(), { [deviceId]: "of the third" });
  });

  test("machines that name each other as the one before are each looked at once", () => {
    const [a, b, c] = ["gw-a", "gw-b", "gw-c"] as GatewayId[];
    const all = [
      { gatewayId: a!, replaces: b! },
      { gatewayId: b!, replaces: a! },
      { gatewayId: c!, replaces: a! },
    ];
    assert.equal(predecessorsOf(all[0]!, all), [b]);
    assert.equal(predecessorsOf(all[2]!, all), [a, b]);
    assert.equal(predecessorsOf({ gatewayId: a! }, all), []);
    assert.equal(predecessorsOf({ gatewayId: c!, replaces: "gone" as GatewayId }, all), ["gone"]);
  });

  test("of the machines' communities others see no device that was left behind", async ({
    stand,
  }) => {
    const { hub } = stand.hub;
    const tenants = [stand.tenant("mine"), stand.tenant("theirs")] as TenantName[];
    for (const tenant of tenants) await load(hub, loadExample(tenant));
    const old = await stand.enrolled(...tenants);
    for (const tenant of tenants) await brings(stand, old, devEui(tenant, 1), "it", { jwe: "x" });
    const communities = (await hub.communities.list(scope)).filter(({ tenant }) =>
      tenants.includes(tenant),
    );
    const mine = communities.find(({ tenant }) => tenant === tenants[0])!;
    const { code } = await hub.gatewayClaims.make(scope, {
      organizationId: mine.organizationId,
      communities: communities.map(({ communityId }) => communityId),
      label: "Next",
      lifeMs: 3_600_000,
      replaces: old.id,
    });
    const next = await stand.gateway();
    const doc = await claimGateway(hub, code, next.identity);
    const named = async (some: readonly CommunityDoc[]) =>
      (
        await gatewayRow(
          { hub, reports: { health: async () => undefined } as Loose },
          scope,
          doc,
          some,
        )
      ).left_behind;
    assert.equal(await named([mine]), [{ device: devEui(tenants[0]!, 1), why: "session_damaged" }]);
    assert.is((await named(communities)).length, 2);
    const { organizationId, communityId } = mine;
    const all = communities.map((one) => one.communityId);
    const of = async (asker: Scope) => (await hub.leftBehind.of(asker, doc, all)).length;
    const ofOne = {
      kind: "communities",
      organizationId,
      communityIds: new Set([communityId]),
      by: "x",
    };
    assert.is(
      await of(ofOne as unknown as Scope),
      1,
      "whatever is asked for, no more than is in reach",
    );
    const foreign = { kind: "organization", organizationId: "o-0000000000000000", by: "x" };
    assert.is(await of(foreign as unknown as Scope), 0);
  });
  test.run();
}
