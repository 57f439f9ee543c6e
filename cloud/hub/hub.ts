/**
 * `hub`: the stores of a hub and what ties them, without a word of HTTP. Whoever opens it (the
 * server, or a command while no server runs) owns its databases.
 */
import { mappingStore, type MappingStore } from "./mapping-store.ts";
import {
  communityStore,
  deletedCommunityStore,
  type CommunityDoc,
  type CommunityStore,
} from "#cloud/areas/communities/community-store.ts";
import { residentStore, type ResidentStore } from "#cloud/areas/communities/resident-store.ts";
import { unitStore, type UnitStore } from "#cloud/areas/units/unit-store.ts";
import { dashboardStore, type DashboardStore } from "#cloud/areas/dashboards/dashboard-store.ts";
import {
  virtualMeterStore,
  type VirtualMeterStore,
} from "#cloud/areas/virtual-meters/virtual-meter-store.ts";
import { decoderStore, type DecoderStore } from "#cloud/areas/decoders/decoder-store.ts";
import { deviceKeyStore, type DeviceKeyStore } from "#cloud/areas/devices/device-key-store.ts";
import { deviceStore, type DeviceStore } from "#cloud/areas/devices/device-store.ts";
import { gatewayStore, type GatewayStore } from "#cloud/areas/gateways/gateway-store.ts";
import { groupStore, type GroupStore } from "#cloud/areas/groups/group-store.ts";
import { apiKeyStore, type ApiKeyStore } from "#cloud/auth/api-key-store.ts";
import { assistanceStore, type AssistanceStore } from "#cloud/auth/assistance-store.ts";
import { linkStore, type LinkStore } from "#cloud/auth/link-store.ts";
import { peopleStore, type PeopleStore } from "#cloud/auth/people-store.ts";
import { providerStore, type ProviderStore } from "#cloud/auth/provider-store.ts";
import { roleStore, type RoleStore } from "#cloud/auth/role-store.ts";
import { setupLinkStore, type SetupLinkStore } from "#cloud/auth/setup-link-store.ts";
import { signInStore, type SignInStore } from "#cloud/auth/sign-in-store.ts";
import { mailSettings, type MailSettings } from "#cloud/mail/mail-settings.ts";
import { outbox, type Outbox } from "#cloud/mail/outbox.ts";
import { webhookStore, type WebhookStore } from "#cloud/webhooks/webhook-store.ts";
import type { Outbound } from "#cloud/outbound/outbound.ts";
import type { Databases } from "#shared/couch/database.ts";
import { eventLog, type EventLog } from "#shared/couch/event-log.ts";
import type { Clock } from "#shared/model/clock.ts";
import { databaseName, monthOf, parseDatabaseName } from "#shared/model/database-names.ts";
import type { CommunityId, TenantName, WriterId } from "#shared/model/ids.ts";
import type { Tally } from "#shared/model/refusals.ts";
import { systemScope } from "#shared/model/scope.ts";
import { applyJournal, renewSites } from "./after-restore.ts";
import { auditStore, type AuditStore } from "./audit-store.ts";
import { deviceClaims, type DeviceClaims } from "./device-claims.ts";
import { inTurn, type InTurn } from "./in-turn.ts";
import { gatewayClaims, type GatewayClaims } from "./gateway-claims.ts";
import type { DenyJournal } from "./deny-journal.ts";
import type { TokenKey } from "./engine.ts";
import { siteStates, type SiteStates } from "./site-states.ts";
import { handedSessions, predecessorsOf } from "./handed-sessions.ts";
import { leftBehindStore, type LeftBehindStore } from "./left-behind-store.ts";
import { keyBundles } from "./key-bundles.ts";
import { openLife, type Life } from "./life.ts";
import { months, type Months } from "./months.ts";
import { moved, type Moved } from "./moved.ts";
import { projection } from "./projection.ts";
import { openRegistry, type Registry } from "./registry.ts";
import { rejections, type Rejections } from "./rejections.ts";
import type { HubSecrets } from "./secrets.ts";

/** For areas, which do not know each other. */
export type { CommunityDoc } from "#cloud/areas/communities/community-store.ts";
export type { GroupDoc } from "#cloud/areas/groups/group-store.ts";
export type { ResidentDoc } from "#cloud/areas/communities/resident-store.ts";
export type { DecoderDoc } from "#cloud/areas/decoders/decoder-store.ts";
export type { DeviceKeys } from "#cloud/areas/devices/device-key-store.ts";
export type { DeviceDoc } from "#cloud/areas/devices/device-store.ts";
export type { UnitDoc } from "#cloud/areas/units/unit-store.ts";

export interface HubParts {
  readonly databases: Databases;
  readonly secrets: HubSecrets;
  readonly journal: DenyJournal;
  /** Folder of what must not be restored together with the databases. */
  readonly journalFolder: string;
  /** Makes the engine take tokens of these keys and no others; resolves when all of it does. */
  readonly useKeys: (keys: readonly TokenKey[]) => Promise<void>;
  readonly clock: Clock;
  readonly random: (size: number) => Uint8Array;
  /** To addresses that others chose. */
  readonly outbound: Outbound;
  /** Counts what could not be taken. */
  readonly tally?: Tally;
}

export interface Hub extends HubParts {
  readonly registry: Registry;
  readonly communities: CommunityStore;
  /** Those that were deleted and can still be brought back. */
  readonly deletedCommunities: CommunityStore;
  readonly units: UnitStore;
  readonly groups: GroupStore;
  readonly dashboards: DashboardStore;
  readonly virtualMeters: VirtualMeterStore;
  readonly residents: ResidentStore;
  readonly devices: DeviceStore;
  /** Whose a DevEUI is on this hub. */
  readonly claims: DeviceClaims;
  readonly keys: DeviceKeyStore;
  readonly decoders: DecoderStore;
  /** Formats of somebody's own JSON. */
  readonly mappings: MappingStore;
  readonly gateways: GatewayStore;
  readonly people: PeopleStore;
  /** Roles the organizations put together themselves. */
  readonly roles: RoleStore;
  readonly assistances: AssistanceStore;
  readonly apiKeys: ApiKeyStore;
  /** Heard devices that somebody said are not theirs. */
  readonly rejections: Rejections;
  readonly audit: AuditStore;
  readonly webhooks: WebhookStore;
  readonly signIns: SignInStore;
  readonly setupLinks: SetupLinkStore;
  readonly links: LinkStore;
  readonly mailSettings: MailSettings;
  /** Where else people may sign in. */
  readonly providers: ProviderStore;
  /** Mails that wait to be sent. */
  readonly outbox: Outbox;
  readonly months: Months;
  /** What happened at the sites and what the hub says to it. */
  readonly events: EventLog;
  /** For what spans several documents: one after the other within this process. */
  readonly inTurn: InTurn;
  readonly gatewayClaims: GatewayClaims;
  /** Radio sessions that could not be handed to the machine that takes another's place. */
  readonly leftBehind: Pick<LeftBehindStore, "of">;
  /** Brings the keys of gateways' tokens in step with the time; to be called about once a minute. */
  tendTokenKeys(): Promise<void>;
  /** Begins with a new one, without a gap; `atOnce` with one, for a key that leaked. */
  rotateTokenKeys(options?: { readonly atOnce?: boolean }): Promise<void>;
  readonly life: Life;
  /** What was written lately, by community: wakes those who wait for news. */
  readonly moved: Moved;
  /**
   * Gives a community's `site` a new generation, to which its gateways switch whole: after a
   * restore, and after something was erased from it, since old revisions keep it.
   * @param atLeast the number of the generation, where the next one is not enough
   */
  renewSite(communityId: CommunityId, atLeast?: number): Promise<void>;
  /** Which state a community's `site` is in. */
  readonly siteStates: Pick<SiteStates, "of">;
  /** After a community changed: its databases are there, its `site` is in step, and listeners know. */
  adopt(community: CommunityDoc): Promise<void>;
  /** A community is about to be destroyed: whoever works on it ends before this resolves. */
  tellDestroyed(tenant: TenantName): Promise<void>;
  /** Called before a community is destroyed. */
  onDestroyed(listener: (tenant: TenantName) => Promise<void>): void;
  /** Called after each `adopt`. */
  onAdopted(listener: (community: CommunityDoc) => void): void;
}

export async function openHub(parts: HubParts): Promise<Hub> {
  const { databases, secrets, clock, random, journal } = parts;
  const registry = await openRegistry(databases);
  const riser = registry.riser.database;
  const keys = deviceKeyStore(registry, secrets.masterKey);
  const stores = {
    communities: communityStore(registry),
    deletedCommunities: deletedCommunityStore(registry),
    units: unitStore(registry),
    groups: groupStore(registry),
    dashboards: dashboardStore(registry),
    virtualMeters: virtualMeterStore(registry),
    residents: residentStore(registry),
    devices: deviceStore(registry),
    gateways: await gatewayStore(registry, clock, journal),
    people: peopleStore(registry, secrets.masterKey),
  };
  const apiKeys = apiKeyStore(registry, clock, random, journal);
  const behind = leftBehindStore(riser, parts.tally);
  const project = projection({
    ...stores,
    apiKeys,
    registry,
    databases,
    clock,
    bundles: keyBundles(
      riser,
      keys,
      secrets.masterKey,
      async ({ communityId }, gateway, ids, neverJoin) => {
        const { gatewayId } = gateway;
        const system = systemScope("handed");
        const before = predecessorsOf(gateway, await stores.gateways.list(system));
        if (before.length === 0) return {};
        const handed = await handedSessions(databases, secrets.sealing, gatewayId, before, ids);
        await behind.note(system, communityId, gatewayId, handed.leftBehind, neverJoin);
        return handed.sessions;
      },
    ),
  });
  const known = await months(databases, clock);
  const states = siteStates(databases, clock);
  const listeners: ((community: CommunityDoc) => void)[] = [];
  const ending: ((tenant: TenantName) => Promise<void>)[] = [];
  const stir = moved();
  let taken = "";
  const takeKeys = async () => {
    const keys = secrets.tokenKeys.taken(clock.now());
    const kids = keys.map(({ kid }) => kid).join();
    if (kids === taken) return;
    await parts.useKeys(keys);
    taken = kids;
  };
  const hub: Hub = {
    ...parts,
    ...stores,
    registry,
    inTurn: inTurn(),
    keys,
    claims: deviceClaims(riser),
    decoders: decoderStore(registry),
    mappings: mappingStore(registry),
    roles: roleStore(registry),
    assistances: assistanceStore(registry, clock, random),
    apiKeys,
    rejections: rejections(registry),
    audit: auditStore(databases, clock, random),
    webhooks: webhookStore(registry),
    signIns: signInStore(riser, clock, random),
    setupLinks: setupLinkStore(riser, clock, random),
    links: linkStore(registry, clock, random, journal),
    mailSettings: mailSettings(registry, secrets.masterKey),
    providers: providerStore(registry, () => clock.now(), random, secrets.masterKey),
    outbox: outbox(riser, clock, random, secrets.masterKey),
    months: known,
    events: eventLog({
      databases,
      writer: `hub-${secrets.hubId}` as WriterId,
      month: () => monthOf(clock.now()),
      onWritten: (tenant) => {
        known.written(databaseName.events(tenant, monthOf(clock.now())));
        stir.tell(tenant);
      },
    }),
    gatewayClaims: gatewayClaims(registry, journal, secrets.masterKey, clock, random),
    leftBehind: behind,
    async tendTokenKeys() {
      await secrets.tokenKeys.tend(clock.now());
      await takeKeys();
    },
    async rotateTokenKeys(options) {
      await secrets.tokenKeys.rotate(clock.now(), options);
      await takeKeys();
    },
    life: await openLife(riser, parts.journalFolder, random),
    moved: stir,
    siteStates: states,
    async adopt(community) {
      await known.ensure([community.tenant]);
      await project(community).finally(() => states.changed(community.communityId));
      stir.tell(community.tenant);
      for (const listener of listeners) listener(community);
    },
    async renewSite(communityId, atLeast = 1) {
      const system = systemScope("renew-site");
      const old = await stores.communities.find(system, communityId);
      const next = { ...old, generation: Math.max(old.generation + 1, atLeast) };
      await stores.communities.save(system, old.organizationId, [next]);
      await hub.adopt(await stores.communities.find(system, communityId));
      for (const name of await databases.names()) {
        const parsed = parseDatabaseName(name);
        const isOld = parsed?.kind === "site" && parsed.generation < next.generation;
        if (isOld && parsed.tenant === old.tenant) await databases.destroy(name);
      }
    },
    async tellDestroyed(tenant) {
      for (const listener of ending) await listener(tenant);
    },
    onDestroyed(listener) {
      ending.push(listener);
    },
    onAdopted(listener) {
      listeners.push(listener);
    },
  };
  await applyJournal(hub);
  if (hub.life.isRestored) {
    // Who was signed out since cannot be told: everybody signs in again.
    await hub.signIns.endEverybodys();
    await renewSites(hub);
  }
  return hub;
}
