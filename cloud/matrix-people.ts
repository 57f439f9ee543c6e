/**
 * `matrix-people`: everybody who asks in the isolation matrix, and the ids of what they ask for.
 * Only tests use it.
 */
import type { Membership, PersonDoc } from "#cloud/auth/people-store.ts";
import {
  DeviceId,
  newId,
  type GroupId,
  type MembershipId,
  type PersonId,
} from "#shared/model/ids.ts";
import type { WebhookId } from "#cloud/webhooks/webhook-store.ts";
import type { KeyScope, Role } from "#shared/model/roles.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { Ids } from "./api/matrix.ts";
import { devEui, type Asked, type Stand } from "./hub-stand.ts";

/** What a request brings: a cookie or headers. */
type Brings = Pick<Asked, "cookie" | "headers">;
type Side = "own" | "sibling" | "foreign";

export type AskerName =
  | "operator of A"
  | "operator of B"
  | "admin of A1"
  | "admin of A2"
  | "support of A"
  | "auditor of A"
  | "installer of A1"
  | "installer of A1 whose time is over"
  | "somebody of A without a role"
  | "resident of A1"
  | "read key of A"
  | "ingest key of A"
  | "admin key of A"
  | "admin key of A1";
/** Those who are nobody to people's routes. */
export type Stranger = "nobody" | "rubbish" | "gateway of A" | "gateway of B" | "wrong key";

export interface MatrixPeople {
  readonly askers: Readonly<Record<AskerName, Brings>>;
  readonly strangers: Readonly<Record<Stranger, Brings>>;
  readonly ids: Record<Side | "missing", Ids>;
  /** Words that give a side away. */
  readonly marks: Record<Side, string[]>;
}

const scope = systemScope("test");

export async function matrixPeople(
  stand: Stand,
  tenants: Readonly<Record<Side, string>>,
  { operatorA, operatorB }: { operatorA: string; operatorB: string },
): Promise<MatrixPeople> {
  const { hub } = stand.hub;
  const communities = await hub.communities.list(scope);
  const of = (side: Side) => {
    const found = communities.find(({ tenant }) => tenant === tenants[side]);
    if (!found) throw new Error(`no community ${tenants[side]}`);
    return found;
  };
  const [a1, a2, b1] = [of("own"), of("sibling"), of("foreign")];
  const at = new Date(stand.clock.now()).toISOString();
  const add = async (
    name: string,
    community: typeof a1,
    role: Role | undefined,
    on: Membership["on"],
    more: Partial<Membership> = {},
  ) => {
    const personId = newId<PersonId>("p", hub.random);
    const person: PersonDoc = {
      _id: `person:${personId}`,
      type: "person",
      v: 1,
      personId,
      email: `${name}-${personId.slice(2, 8)}@example.net`,
      firstName: name,
      lastName: `Of-${community.tenant}`,
      phone: null,
      language: "en",
      memberships: [
        {
          membershipId: newId<MembershipId>("m", hub.random),
          organizationId: community.organizationId,
          role: role ?? "none",
          on,
          createdAt: at,
          ...more,
        },
      ],
      isDisabled: false,
      createdAt: at,
    };
    await hub.people.add(scope, person);
    const cookie = `riser_signin=${await hub.signIns.begin(personId)}`;
    return { personId, brings: { cookie } };
  };
  const whole = { kind: "organization" } as const;
  const inOne = (community: typeof a1) =>
    ({ kind: "community", communityId: community.communityId }) as const;
  const key = async (community: typeof a1, scopes: KeyScope[], isWhole: boolean) => {
    const made = await hub.apiKeys.make(scope, {
      organizationId: community.organizationId,
      communities: isWhole ? null : [community.communityId],
      name: `key of ${community.tenant}`,
      scopes,
      expiresAt: null,
    });
    return { id: made.key.keyId, brings: { headers: { "x-api-key": made.text } } };
  };
  const bearer = async (tenant: string) => {
    const gateway = await stand.enrolled(tenant);
    const headers = { authorization: `Bearer ${await stand.token(gateway)}` };
    return { id: gateway.id as string, brings: { headers } };
  };
  const gateways = {
    own: await bearer(tenants.own),
    sibling: await bearer(tenants.sibling),
    foreign: await bearer(tenants.foreign),
  };
  const residents = {
    own: await add("Rita", a1, "resident", inOne(a1)),
    sibling: await add("Rolf", a2, "resident", inOne(a2)),
    foreign: await add("Rosa", b1, "resident", inOne(b1)),
  };
  const keys = {
    own: await key(a1, ["admin"], false),
    sibling: await key(a2, ["admin"], false),
    foreign: await key(b1, ["admin"], false),
  };
  const upload = async ({ organizationId, communityId }: typeof a1) => {
    const uploadId = newId<string>("up", hub.random);
    const counts = { created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 };
    await hub.registry.riser.database.put({
      _id: `upload:${organizationId}:${uploadId}`,
      type: "upload",
      v: 1,
      uploadId,
      organizationId,
      communityIds: [communityId],
      kind: "devices",
      fileName: "meters.csv",
      isDryRun: true,
      state: "done",
      by: "nobody",
      startedAt: at,
      touchedAt: at,
      rows: 0,
      counts,
      notes: [],
    });
    return uploadId;
  };
  const webhook = async ({ organizationId, communityId, tenant }: typeof a1) => {
    const webhookId = newId<WebhookId>("wh", hub.random);
    await hub.webhooks.save(scope, organizationId, [
      {
        _id: `webhook:${webhookId}`,
        type: "webhook",
        v: 1,
        webhookId,
        communityId,
        url: `https://hook-of-${tenant}.example/`,
        events: ["*"],
        description: "",
        isActive: false,
        sealedSecret: "",
        createdAt: at,
      },
    ]);
    return webhookId;
  };
  const decoder = async ({ organizationId, communityId, tenant }: typeof a1) => {
    const slug = `decoder-of-${tenant}`;
    const script = {
      communityId,
      slug,
      language: "ts013" as const,
      version: 1,
      source: "function decodeUplink() { return { data: {} }; }",
      mapping: { fields: [] },
    };
    await hub.decoders.versions.save(scope, organizationId, [
      { _id: `decoderversion:${slug}:1`, type: "decoderversion", v: 1, ...script, at },
    ]);
    await hub.decoders.decoders.save(scope, organizationId, [
      {
        _id: `decoder:${slug}`,
        type: "decoder",
        v: 1,
        ...script,
        title: slug,
        examples: [],
        createdAt: at,
        updatedAt: at,
      },
    ]);
    return slug;
  };
  const mapping = async ({ organizationId, communityId, tenant }: typeof a1) => {
    const name = `mapping-of-${tenant}`;
    const rules = { name, topic: null, device: { pointer: "/id" }, time: null };
    const values = [{ pointer: "/water", register: "8-0:1.0.0" as const, scale: 0 }];
    await hub.mappings.save(scope, organizationId, [
      {
        _id: `mapping:${name}`,
        type: "mapping",
        v: 1,
        communityId,
        title: name,
        mapping: { ...rules, values },
        sample: null,
        createdAt: at,
        updatedAt: at,
      },
    ]);
    return name;
  };
  const dashboardOf = async ({ communityId, organizationId }: typeof a1) => {
    const dashboardId = newId<string>("da", hub.random);
    const made = {
      dashboardId,
      communityId,
      name: "Home",
      cards: [],
      createdAt: at,
      updatedAt: at,
    };
    await hub.dashboards.save(scope, organizationId, [
      { _id: `dashboard:${dashboardId}`, type: "dashboard", v: 1, ...made },
    ]);
    return dashboardId;
  };
  const virtualMeterOf = async ({ communityId, organizationId, tenant }: typeof a1) => {
    const virtualMeterId = newId<string>("vm", hub.random);
    const made = { virtualMeterId, communityId, name: `Losses of ${tenant}`, createdAt: at };
    const members = [{ deviceId: DeviceId.parse(devEui(tenant, 1)), sign: 1 as const }];
    await hub.virtualMeters.save(scope, organizationId, [
      {
        _id: `virtual-meter:${virtualMeterId}`,
        type: "virtual-meter",
        v: 1,
        kind: "cold_water",
        ...made,
        members,
        updatedAt: at,
      },
    ]);
    return virtualMeterId;
  };
  const groupOf = async (community: typeof a1, unitId: string) => {
    const groupId = newId<GroupId>("gr", hub.random);
    const { communityId, organizationId } = community;
    const made = { groupId, communityId, kind: "units", name: "Some", members: [unitId] } as const;
    await hub.groups.save(scope, organizationId, [
      { _id: `group:${groupId}`, type: "group", v: 1, ...made, members: [unitId], createdAt: at },
    ]);
    return groupId;
  };
  const idsOf = async (side: Side): Promise<Ids> => {
    const { communityId } = of(side);
    const units = await hub.units.units.list(scope, communityId);
    const home = units.find(({ name }) => name === "1A");
    const living = await hub.residents.list(scope, communityId);
    return {
      community: communityId,
      tenant: tenants[side],
      devEui: devEui(tenants[side], 1),
      unit: units.find(({ name }) => name === "1B")?.unitId as string,
      home: home?.unitId as string,
      tenancy: home?.tenancies[0]?.tenancyId as string,
      building: home?.buildingId as string,
      group: await groupOf(of(side), home?.unitId as string),
      dashboard: await dashboardOf(of(side)),
      virtualMeter: await virtualMeterOf(of(side)),
      resident: living[0]?.residentId as string,
      person: residents[side].personId,
      gateway: gateways[side].id,
      key: keys[side].id,
      webhook: await webhook(of(side)),
      upload: await upload(of(side)),
      decoder: await decoder(of(side)),
      mapping: await mapping(of(side)),
    };
  };
  const nowhere = "0000000000000000";
  const ids = {
    own: await idsOf("own"),
    sibling: await idsOf("sibling"),
    foreign: await idsOf("foreign"),
    missing: {
      community: `c-${nowhere}`,
      tenant: "nowhere",
      devEui: "ffffffffffffffff",
      unit: `u-${nowhere}`,
      home: `u-${nowhere}`,
      tenancy: `t-${nowhere}`,
      building: `b-${nowhere}`,
      group: `gr-${nowhere}`,
      dashboard: `da-${nowhere}`,
      virtualMeter: `vm-${nowhere}`,
      resident: `r-${nowhere}`,
      person: `p-${nowhere}`,
      gateway: `gw-${nowhere}`,
      key: `k-${nowhere}`,
      webhook: `wh-${nowhere}`,
      upload: `up-${nowhere}`,
      decoder: "nobody-s-decoder",
      mapping: "nobody-s-mapping",
    },
  };
  const marksOf = (side: Side) => [
    ...Object.values(ids[side]),
    of(side).name,
    devEui(tenants[side], 2),
  ];
  const over = new Date(stand.clock.now() - 1000).toISOString();
  return {
    askers: {
      "operator of A": { cookie: operatorA },
      "operator of B": { cookie: operatorB },
      "admin of A1": (await add("Ada", a1, "admin", inOne(a1))).brings,
      "admin of A2": (await add("Adam", a2, "admin", inOne(a2))).brings,
      "support of A": (await add("Susan", a1, "support", whole)).brings,
      "auditor of A": (await add("Audrey", a1, "auditor", whole)).brings,
      "installer of A1": (await add("Ian", a1, "installer", inOne(a1))).brings,
      "installer of A1 whose time is over": (
        await add("Ivan", a1, "installer", inOne(a1), { until: over })
      ).brings,
      "somebody of A without a role": (await add("Nora", a1, undefined, inOne(a1))).brings,
      "resident of A1": residents.own.brings,
      "read key of A": (await key(a1, ["read"], true)).brings,
      "ingest key of A": (await key(a1, ["ingest"], true)).brings,
      "admin key of A": (await key(a1, ["admin"], true)).brings,
      "admin key of A1": keys.own.brings,
    },
    strangers: {
      nobody: {},
      rubbish: { cookie: "riser_signin=../../../etc/passwd" },
      "gateway of A": gateways.own.brings,
      "gateway of B": gateways.foreign.brings,
      "wrong key": { headers: { "x-api-key": `rsr_${nowhere}_${"A".repeat(43)}` } },
    },
    ids,
    marks: { own: marksOf("own"), sibling: marksOf("sibling"), foreign: marksOf("foreign") },
  };
}
