/**
 * `ingest`: webhooks in. Other systems send what devices said; it is kept by the same code as in a
 * building, and answered only when it is durable.
 *
 * Whose a reading is, is decided by the device, never by what the sender says: a `tenant_name`
 * only has to be one the key reaches.
 */
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { route, type Area, type Asked } from "#cloud/api/route.ts";
import type { DeviceDoc } from "#cloud/hub/hub.ts";
import { reachesCommunity } from "#cloud/hub/scoped-documents.ts";
import { hearWebhook, type WebhookOutcome } from "#cloud/intake/hear-webhook.ts";
import { batteryStatus, toldObject } from "#shared/formats/told-values.ts";
import { Fault } from "#shared/model/fault.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";

/** One message as it was taken. */
const Outcome = z.object({
  dev_eui: z.string().nullable(),
  outcome: z.enum(["kept", "repeat", "unregistered", "ignored", "refused"]),
  format: z.string(),
  timestamp: z.string().nullable(),
  /** What is wrong with one part of a list; a message alone is refused as a whole. */
  why: z.string().optional(),
});
const Taken = z.object({
  /** How many hold something that is kept now, or was before. */
  accepted: z.number().int(),
  results: z.array(Outcome),
});
/** The same with the fields that older clients of water systems look at. */
const TakenWater = Taken.extend({
  dev_eui: z.string().nullable(),
  timestamp: z.string().nullable(),
  /** Volts made up from `battery_status`, as older systems answered: never stored. */
  battery_level: z.number().optional(),
});

/** `event` as ChirpStack says it: `up`, `join`, `status`, … */
const Query = z.object({
  event: z
    .string()
    .regex(/^[a-z]{1,20}$/)
    .optional(),
  tenant_name: z.string().max(64).optional(),
});
const upload = { types: ["application/json"], mostBytes: 1_000_000 };

const any = route({
  method: "post",
  path: "/ingest",
  anyQuery: true,
  right: "ingest",
  title:
    "Takes a message, or a list of them, of any network server that is known; told apart by shape.",
  query: Query,
  upload,
  answer: { data: Taken },
  isHarmless: true,
  open: (parts) => async (asked) => (await take(parts, asked, asked.query.tenant_name)).taken,
});

const ofTenant = route({
  method: "post",
  path: "/ingest/:tenant_name",
  anyQuery: true,
  right: "ingest",
  title: "The same for one community.",
  params: z.object({ tenant_name: z.string().max(64) }),
  query: Query,
  upload,
  answer: { data: Taken },
  isHarmless: true,
  open: (parts) => async (asked) => (await take(parts, asked, asked.params.tenant_name)).taken,
});

const water = route({
  method: "post",
  path: "/ingest/water-consumption",
  anyQuery: true,
  right: "ingest",
  title: "Water readings from ChirpStack 3 or 4, The Things Stack 3, or flat JSON.",
  query: Query,
  upload,
  answer: { data: TakenWater },
  isHarmless: true,
  open: (parts) => async (asked) => {
    const { taken, text } = await take(parts, asked, asked.query.tenant_name);
    const [first] = taken.results;
    const told = toldObject(jsonOf(text));
    const status = told && batteryStatus(told);
    return {
      ...taken,
      dev_eui: first?.dev_eui ?? null,
      timestamp: first?.timestamp ?? null,
      ...(status === undefined ? {} : { battery_level: status === "OK" ? 3.6 : 2.8 }),
    } satisfies z.infer<typeof TakenWater>;
  },
});

export const ingest: Area = {
  name: "ingest",
  title: "Webhooks in: readings from other systems",
  routes: [any, water, ofTenant],
};

async function take(
  parts: AreaParts,
  { scope, query, c }: Asked<"ingest", unknown, z.infer<typeof Query>>,
  tenant: string | undefined,
) {
  const text = await c.req.text();
  await checkTenant(parts, scope, tenant ?? tenantIn(text));
  const { organizationId } = scope;
  const ear = await parts.intake.ear(organizationId);
  const topic = query.event === undefined ? null : `/event/${query.event}`;
  const reached = await reach(parts, scope);
  const outcomes = await hearWebhook(
    { hub: parts.hub, tally: parts.tally, findersOf: parts.findersOf, mayTell: reached },
    organizationId,
    ear,
    text,
    topic,
  );
  const results = outcomes.map(shown);
  const accepted = results.filter(
    ({ outcome }) => outcome !== "ignored" && outcome !== "refused",
  ).length;
  return { text, taken: { accepted, results } satisfies z.infer<typeof Taken> };
}

/** A key of some communities tells nothing of the devices of others: they are not there for it. */
async function reach({ hub }: AreaParts, scope: HubScope) {
  const image = await hub.registry.organization(scope.organizationId);
  const devices = await image.freshOf<DeviceDoc>("device");
  return (deviceId: DeviceId) => {
    const device = devices.get(`device:${deviceId}`);
    if (device && !reachesCommunity(scope, device.communityId))
      throw new Fault("not_found", "There is no such device here.");
  };
}

/** @throws Fault "not_found" for a community that is named and out of reach */
async function checkTenant(
  { hub }: AreaParts,
  scope: HubScope,
  tenant: string | undefined,
): Promise<void> {
  if (tenant === undefined) return;
  const all = await hub.communities.list(scope);
  if (!all.some((one) => one.tenant === tenant))
    throw new Fault("not_found", "There is no such community here.");
}

/** `tenant_name` where a flat message says it itself. */
function tenantIn(text: string): string | undefined {
  const name = (jsonOf(text) as { tenant_name?: unknown } | undefined)?.tenant_name;
  return typeof name === "string" ? name : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

function shown({ deviceId, outcome, as, at, why }: WebhookOutcome): z.infer<typeof Outcome> {
  return {
    dev_eui: deviceId,
    outcome: outcome === "stranger" ? "unregistered" : outcome,
    format: as,
    timestamp: at,
    ...(why === undefined ? {} : { why }),
  };
}
