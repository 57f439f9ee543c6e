/**
 * `load`: brings a file's communities to the hub through the scoped stores.
 *
 * Everything is checked before anything is written; then documents are written in an order in
 * which a cut leaves nothing that a second load would not finish. Access codes are handed back
 * once and must never be logged.
 */
import type { CommunityDoc } from "#cloud/areas/communities/community-store.ts";
import type { ResidentDoc } from "#cloud/areas/communities/resident-store.ts";
import type { DeviceKeys } from "#cloud/areas/devices/device-key-store.ts";
import type { PersonDoc } from "#cloud/auth/people-store.ts";
import { codeDenialOf } from "#cloud/hub/lan-code.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { save } from "#cloud/hub/save.ts";
import { newAccessCode, printAccessCode } from "#shared/auth/access-code.ts";
import { hashSecret } from "#shared/auth/secret-hash.ts";
import type { Doc } from "#shared/couch/database.ts";
import { Fault } from "#shared/model/fault.ts";
import { newId, type CommunityId, type DeviceId, type OrganizationId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { complaint, parseLoadFile, type LoadCommunity, type LoadFile } from "./load-file.ts";
import { merge, type Masters, type Merged } from "./merge.ts";
import { roster, type Roster } from "./roster.ts";

export interface LoadOptions {
  /** Makes a code for everyone, also for those who have one; the old ones end. */
  readonly newCodes?: boolean;
  /** The file's organization may be one that is not here yet, beside others. */
  readonly newOrganization?: boolean;
}

export interface LoadedCode {
  readonly tenant_name: string;
  readonly community: string;
  readonly unit: string;
  readonly resident: string;
  readonly ref: string;
  readonly code: string;
}

export interface Loaded {
  readonly codes: readonly LoadedCode[];
  /** Documents written; 0 when all was as the file says. */
  readonly written: number;
  readonly communities: readonly {
    readonly tenant_name: string;
    readonly units: number;
    readonly residents: number;
    readonly devices: number;
  }[];
}

const scope = systemScope("load");

/** @throws Fault "invalid" with every complaint, "conflict" for what belongs to somebody else */
export async function load(hub: Hub, raw: unknown, options: LoadOptions = {}): Promise<Loaded> {
  const file = parseLoadFile(raw);
  const { organizationId, plans, people, founded } = await hub.registry.alone(async () => {
    const found = await organizationFor(hub, file, options);
    const people = await roster(hub, found.organizationId);
    const planned = await plan(hub, file, found.organizationId, people);
    return {
      ...found,
      people,
      plans: planned,
      founded: found.isNew ? await establish(hub, found, file) : 0,
    };
  });
  let written = founded;
  const codes: LoadedCode[] = [];
  for (const { community, merged } of plans) {
    const { residents, fresh } = await withCodes(hub, merged, options);
    written += await write(hub, organizationId, community, { ...merged, residents });
    for (const before of merged.residents)
      if (before.code && fresh.has(before.residentId))
        await hub.journal.add("code", codeDenialOf(before, before.code.finder));
    codes.push(...codesOf(merged, fresh, people.people()));
  }
  // After the residents: a cut in between leaves their ids, and the next load makes the people.
  written += await hub.people.addAll(scope, people.people());
  for (const { merged } of plans) await hub.adopt(merged.community);
  const counts = plans.map(({ merged }) => ({
    tenant_name: merged.community.tenant,
    units: merged.units.length,
    residents: merged.residents.length,
    devices: merged.devices.length,
  }));
  return { codes, written, communities: counts };
}

async function organizationFor(
  hub: Hub,
  file: LoadFile,
  options: LoadOptions,
): Promise<{ organizationId: OrganizationId; isNew: boolean }> {
  const here = await hub.registry.organizations();
  const { name } = file.organization;
  const known = here.find((one) => one.name === name);
  if (known) return { organizationId: known.organizationId, isNew: false };
  if (here.length > 0 && !options.newOrganization)
    throw complaint([
      `organization.name: there is no organization ${JSON.stringify(name)} here, but ${here.map((one) => JSON.stringify(one.name)).join(", ")} (--new-organization makes another one)`,
    ]);
  return { organizationId: newId<OrganizationId>("o", hub.random), isNew: true };
}

function establish(
  hub: Hub,
  { organizationId }: { organizationId: OrganizationId },
  file: LoadFile,
): Promise<number> {
  return save(hub.registry.riser.database, [
    {
      _id: `organization:${organizationId}`,
      type: "organization",
      v: 1,
      organizationId,
      name: file.organization.name,
      createdAt: new Date(hub.clock.now()).toISOString(),
    },
  ]);
}

interface Plan {
  readonly community: LoadCommunity;
  readonly merged: Merged;
}

/** What every document will be; refuses the whole file when one of them cannot. */
async function plan(
  hub: Hub,
  file: LoadFile,
  organizationId: OrganizationId,
  people: Roster,
): Promise<Plan[]> {
  const { riser } = hub.registry;
  const wrong: string[] = [];
  const plans: Plan[] = [];
  const all = await hub.communities.list(scope);
  const here = new Map(
    (await hub.devices.list(scope)).map((device) => [device.deviceId, device] as const),
  );
  for (const [i, community] of file.communities.entries()) {
    const tenant = community.tenant_name;
    const owner = await riser.database.get(`tenant:${tenant}`);
    if (owner && owner.organizationId !== organizationId) {
      wrong.push(`communities[${i}].tenant_name: ${JSON.stringify(tenant)} is taken`);
      continue;
    }
    const known = all.find((one) => one.tenant === tenant);
    if (owner?.deletedAt !== undefined) {
      wrong.push(
        `communities[${i}].tenant_name: ${JSON.stringify(tenant)} belonged to a community that was deleted; it is never used again`,
      );
      continue;
    }
    if (known?.archivedAt !== undefined) {
      wrong.push(`communities[${i}]: is archived and can only be read`);
      continue;
    }
    const own = community.devices.flatMap(({ dev_eui }) => {
      const device = here.get(dev_eui as DeviceId);
      return device && device.communityId === null ? [device] : [];
    });
    const masters = await mastersOf(hub, known);
    const before = { ...masters, devices: [...masters.devices, ...own] };
    const merged = merge(community, before, {
      organizationId,
      communityId: owner?.communityId as CommunityId | undefined,
      random: hub.random,
      nowMs: hub.clock.now(),
      personFor: people.personFor,
    });
    wrong.push(...merged.wrong.map((text) => `communities[${i}].${text}`));
    const ids = community.devices.map(({ dev_eui }) => dev_eui as DeviceId);
    const foreign = await hub.claims.foreign(organizationId, ids);
    for (const [at, deviceId] of ids.entries()) {
      const holder = here.get(deviceId)?.communityId ?? merged.community.communityId;
      if (foreign.has(deviceId) || holder !== merged.community.communityId)
        wrong.push(`communities[${i}].devices[${at}].dev_eui: is registered elsewhere already`);
    }
    plans.push({ community, merged });
  }
  if (wrong.length > 0) throw complaint(wrong);
  return plans;
}

async function mastersOf(hub: Hub, community: CommunityDoc | undefined): Promise<Masters> {
  if (!community) return { community, buildings: [], units: [], residents: [], devices: [] };
  const { communityId } = community;
  return {
    community,
    buildings: await hub.units.buildings.list(scope, communityId),
    units: await hub.units.units.list(scope, communityId),
    residents: await hub.residents.list(scope, communityId),
    devices: await hub.devices.list(scope, communityId),
  };
}

/** Codes being hashed at once: each takes 19 MiB while it is. */
const AT_ONCE = 4;

/** Residents with a code each, and the codes that were made for it. */
async function withCodes(
  hub: Hub,
  merged: Merged,
  { newCodes = false }: LoadOptions,
): Promise<{ residents: ResidentDoc[]; fresh: Map<string, string> }> {
  const others = (await hub.residents.list(scope, merged.community.communityId)).filter(
    (other) => !merged.residents.some(({ residentId }) => residentId === other.residentId),
  );
  const finders = new Set(
    [...others, ...merged.residents].flatMap(({ code }) => (code ? [code.finder] : [])),
  );
  const fresh = new Map<string, string>();
  const residents = [...merged.residents];
  const waiting = [...residents.keys()];
  const work = async () => {
    for (let i = waiting.shift(); i !== undefined; i = waiting.shift()) {
      const resident = residents[i] as ResidentDoc;
      if (resident.code && !newCodes) continue;
      let code = newAccessCode(hub.random);
      while (finders.has(code.finder)) code = newAccessCode(hub.random);
      finders.add(code.finder);
      fresh.set(resident.residentId, printAccessCode(code));
      const createdAt = new Date(hub.clock.now()).toISOString();
      const secretHash = await hashSecret(code.secret);
      residents[i] = { ...resident, code: { finder: code.finder, secretHash, createdAt } };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { residents, fresh };
}

async function write(
  hub: Hub,
  organizationId: OrganizationId,
  file: LoadCommunity,
  merged: Merged,
): Promise<number> {
  const { community, buildings, residents, units, devices } = merged;
  const { communityId, tenant } = community;
  // Names first: with them nobody else can take what is about to be written.
  const claims: Doc[] = [
    { _id: `tenant:${tenant}`, type: "tenant", v: 1, organizationId, communityId },
  ];
  const keys = new Map<DeviceId, DeviceKeys>();
  for (const { dev_eui, join_eui, app_key, dev_addr, nwk_s_key, app_s_key } of file.devices) {
    if (join_eui !== undefined && app_key !== undefined)
      keys.set(dev_eui as DeviceId, { joinEui: join_eui, appKey: app_key, macVersion: "1.0" });
    if (dev_addr !== undefined && nwk_s_key !== undefined && app_s_key !== undefined)
      keys.set(dev_eui as DeviceId, {
        devAddr: dev_addr,
        nwkSKey: nwk_s_key,
        appSKey: app_s_key,
        macVersion: "1.0",
      });
  }
  let written = await save(hub.registry.riser.database, claims);
  const ids = devices.map(({ deviceId }) => deviceId);
  if ((await hub.claims.claim(organizationId, ids)).size > 0)
    throw new Fault("conflict", "Somebody else registered one of these devices meanwhile.");
  written += await hub.communities.save(scope, organizationId, [community]);
  written += await hub.units.buildings.save(scope, organizationId, buildings);
  written += await hub.residents.save(scope, organizationId, residents);
  written += await hub.units.units.save(scope, organizationId, units);
  written += await hub.keys.write(scope, organizationId, keys);
  return written + (await hub.devices.save(scope, organizationId, devices));
}

/** One line per resident with a new code, with the home they live in, or lived in last. */
function codesOf(
  { community, units, residents }: Merged,
  fresh: ReadonlyMap<string, string>,
  people: readonly PersonDoc[],
): LoadedCode[] {
  const names = new Map(
    people.map(({ personId, firstName, lastName }) => [personId, `${firstName} ${lastName}`]),
  );
  return residents.flatMap((resident) => {
    const code = fresh.get(resident.residentId);
    if (code === undefined) return [];
    const homes = units
      .flatMap(({ name, tenancies }) => tenancies.map((tenancy) => ({ name, ...tenancy })))
      .filter(({ residentId }) => residentId === resident.residentId)
      .sort((a, b) => (a.from < b.from ? -1 : 1));
    return [
      {
        tenant_name: community.tenant,
        community: community.name,
        unit: homes.at(-1)?.name ?? "-",
        resident: names.get(resident.personId) ?? resident.ref,
        ref: resident.ref,
        code,
      },
    ];
  });
}

/** Parses the text of a file. @throws Fault "invalid" that says where it stops being JSON */
export function jsonOf(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own message may quote the file, and with it a key.
    const place = /position (\d+)/.exec((error as Error).message)?.[1];
    const line =
      place === undefined ? "" : ` (line ${text.slice(0, Number(place)).split("\n").length})`;
    throw new Fault("invalid", `${what} is not JSON${line}`);
  }
}
