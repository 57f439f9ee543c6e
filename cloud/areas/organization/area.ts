/** `organization`: the operator's company: its name, its brand, and what it decides for all its communities. */
import { isDeepStrictEqual } from "node:util";
import { differences } from "#cloud/api/differences.ts";
import { route, type Area } from "#cloud/api/route.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { settingsOf, type OrganizationSettings } from "#cloud/hub/organization-settings.ts";
import type { OrganizationDoc } from "#cloud/hub/registry.ts";
import { OrganizationChange, OrganizationDetails } from "#shared/api/organization.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { OrganizationId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";

const look = route({
  method: "get",
  path: "/organization",
  right: "organization.read",
  title: "The organization, and whether it has communities (customer mode).",
  answer: { data: OrganizationDetails },
  open:
    ({ hub }) =>
    async ({ scope }) =>
      told(hub, scope, await hub.registry.organizationDoc(scope.organizationId)),
});

const change = route({
  method: "patch",
  path: "/organization",
  right: "organization.write",
  title: "Changes the organization's name and settings; what is not named stays.",
  body: OrganizationChange,
  answer: { data: OrganizationDetails },
  open:
    ({ hub }) =>
    async ({ scope, body, trail }) => {
      // Settings hold for all communities: whoever has a right in some of them only does not decide.
      if (scope.kind !== "organization")
        throw new Fault("forbidden", "This is decided for the whole organization.");
      const { before, after } = await written(hub, scope.organizationId, body);
      const [old, now] = [settingsOf(before), settingsOf(after)];
      const settings = differences(old, now, ["brand"]);
      trail.note({
        what: "organization.change",
        target: { type: "organization", id: scope.organizationId, name: after.name },
        before: { name: before.name, ...settings.before },
        after: { name: after.name, ...settings.after },
      });
      const isShownAtSites =
        old.hourlyDetail !== now.hourlyDetail || !isDeepStrictEqual(old.brand, now.brand);
      if (isShownAtSites)
        for (const community of await hub.communities.list(scope)) await hub.adopt(community);
      return told(hub, scope, after);
    },
});

export const organization: Area = {
  name: "organization",
  title: "The organization and its settings",
  routes: [look, change],
};

const TRIES = 8;

async function written(
  hub: Hub,
  organizationId: OrganizationId,
  said: OrganizationChange,
): Promise<{ before: OrganizationDoc; after: OrganizationDoc }> {
  const { database } = hub.registry.riser;
  for (let tries = 1; ; tries++) {
    const before = await hub.registry.organizationDoc(organizationId);
    const after = {
      ...before,
      name: said.name ?? before.name,
      settings: settingsWith(settingsOf(before), said),
    };
    const others = await hub.registry.organizations();
    const isTaken = others.some(
      (one) => one.organizationId !== organizationId && one.name === after.name,
    );
    // Files that are loaded name an organization: two of one name could not be told apart.
    if (isTaken)
      throw new Fault("conflict", "Another organization on this hub has this name.", {
        fields: { name: "is taken" },
      });
    try {
      await database.put(after);
      return { before, after };
    } catch (error) {
      if (!isFault(error, "conflict") || tries >= TRIES) throw error;
    }
  }
}

function settingsWith(old: OrganizationSettings, said: OrganizationChange): OrganizationSettings {
  const { retention, audit_retention: auditRetention, assistance } = said;
  return {
    brand: said.brand ?? old.brand,
    zone: said.zone ?? old.zone,
    language: said.language ?? old.language,
    currency: said.currency ?? old.currency,
    hourlyDetail: said.hourly_detail ?? old.hourlyDetail,
    retention:
      retention === undefined
        ? old.retention
        : retention && {
            rawDays: retention.raw_days,
            hourlyMonths: retention.hourly_months,
            dailyMonths: retention.daily_months,
          },
    auditRetention:
      auditRetention === undefined
        ? old.auditRetention
        : auditRetention && {
            entryMonths: auditRetention.entry_months,
            signInDays: auditRetention.sign_in_days,
          },
    formerResidentMonths: said.former_resident_months ?? old.formerResidentMonths,
    assistance: assistance
      ? { isAllowed: assistance.is_allowed, mayControl: assistance.may_control }
      : old.assistance,
  };
}

async function told(hub: Hub, scope: HubScope, doc: OrganizationDoc): Promise<OrganizationDetails> {
  const { brand, zone, language, currency, hourlyDetail, retention, ...rest } = settingsOf(doc);
  return {
    id: doc.organizationId,
    name: doc.name,
    created_at: doc.createdAt,
    customer_mode: (await hub.communities.list(scope)).length > 0,
    brand,
    zone,
    language,
    currency,
    hourly_detail: hourlyDetail,
    retention: retention && {
      raw_days: retention.rawDays,
      hourly_months: retention.hourlyMonths,
      daily_months: retention.dailyMonths,
    },
    audit_retention: rest.auditRetention && {
      entry_months: rest.auditRetention.entryMonths,
      sign_in_days: rest.auditRetention.signInDays,
    },
    former_resident_months: rest.formerResidentMonths,
    assistance: {
      is_allowed: rest.assistance.isAllowed,
      may_control: rest.assistance.mayControl,
    },
  };
}
