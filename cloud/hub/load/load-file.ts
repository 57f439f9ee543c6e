/**
 * `load-file`: the file with which an operator brings a whole community to the hub at once.
 *
 * Parsed and checked as a whole before anything is written; what is wrong is said with its place.
 */
import { z } from "zod";
import { Fault } from "#shared/model/fault.ts";
import { DevEui, DeviceId, GatewayId, TenantName } from "#shared/model/ids.ts";
import { meterKindIds } from "#shared/model/meter-kinds.ts";
import { Zone } from "#shared/model/place.ts";
import { At, SiteDoc } from "#shared/model/site.ts";
import { languages } from "#shared/api/resident.ts";

const Name = z.string().trim().min(1).max(120);
/** A moment, in UTC or with an offset; kept in UTC. */
const Moment = z.iso
  .datetime({ offset: true, error: "a time is written 2026-11-23T10:00:00Z" })
  .overwrite((text) => (Number.isNaN(Date.parse(text)) ? text : new Date(text).toISOString()))
  .pipe(At);
const Hex = (digits: number, what: string) =>
  z
    .string()
    .overwrite((text) => text.replaceAll(/[\s:.-]/g, "").toLowerCase())
    .regex(new RegExp(`^[0-9a-f]{${digits}}$`), `${what} is ${digits} hex digits`);

const Tenancy = z.strictObject({ resident: z.string(), from: Moment, to: Moment.optional() });
const Installation = z.strictObject({
  unit: z.string(),
  from: Moment,
  to: Moment.optional(),
  /** The index on the display at mounting, as decimal text, so that no digit is lost. */
  start_index: z
    .string()
    .regex(/^[0-9]{1,12}(\.[0-9]{1,6})?$/, 'an index is written as text: "123.456"')
    .refine((text) => Number.isSafeInteger(Number(text.replace(".", ""))), "has too many digits")
    .optional(),
});
const Device = z.strictObject({
  dev_eui: z.union(
    [DevEui, DeviceId],
    "a DevEUI is 16 hex digits; an id of another kind begins with x-",
  ),
  name: Name,
  /** `maker/model` of the decoder. */
  model: z.string().regex(/^[a-z0-9-]+\/[a-z0-9._-]+$/, "a model is written maker/model"),
  kind: z.enum(meterKindIds),
  serial: z.string().max(64).optional(),
  join_eui: Hex(16, "a JoinEUI").optional(),
  app_key: Hex(32, "an AppKey").optional(),
  /** A session for life (ABP), all three together and instead of an AppKey. */
  dev_addr: Hex(8, "a DevAddr").optional(),
  nwk_s_key: Hex(32, "an NwkSKey").optional(),
  app_s_key: Hex(32, "an AppSKey").optional(),
  expected_interval_s: z.number().int().min(1).max(31_536_000),
  home_gateway: z.union([z.literal(true), GatewayId], "true, or the id of a gateway").optional(),
  held_from: Moment.optional(),
  installations: z.array(Installation).default([]),
});
const Community = z.strictObject({
  name: Name,
  tenant_name: TenantName,
  zone: Zone,
  language: z.enum(languages),
  brand: SiteDoc.shape.brand.optional(),
  buildings: z.array(z.strictObject({ name: Name })).default([]),
  residents: z
    .array(
      z.strictObject({
        ref: z.string().min(1).max(120),
        first_name: z.string().trim().min(1).max(80),
        last_name: z.string().trim().min(1).max(80),
        email: z.email().max(254).optional(),
        language: z.enum(languages),
      }),
    )
    .default([]),
  units: z
    .array(
      z.strictObject({
        name: Name,
        building: z.string().optional(),
        tenancies: z.array(Tenancy).default([]),
      }),
    )
    .default([]),
  devices: z.array(Device).default([]),
});
export const LoadFile = z.strictObject({
  organization: z.strictObject({ name: Name }),
  communities: z.array(Community).min(1),
});
export type LoadFile = z.infer<typeof LoadFile>;
export type LoadCommunity = LoadFile["communities"][number];
export type LoadUnit = LoadCommunity["units"][number];
export type LoadDevice = LoadCommunity["devices"][number];

/** At most so many complaints are told at once. */
const MOST_TOLD = 20;

/** @throws Fault "invalid" with every complaint as `path: what is wrong` */
export function parseLoadFile(raw: unknown): LoadFile {
  const parsed = LoadFile.safeParse(raw);
  if (!parsed.success)
    throw complaint(
      parsed.error.issues.map((issue) => `${pathOf(issue.path)}: ${messageOf(issue)}`),
    );
  const wrong = disagreements(parsed.data);
  if (wrong.length > 0) throw complaint(wrong);
  return parsed.data;
}

/** A Fault that tells `problems`, each with its place. */
export function complaint(problems: readonly string[]): Fault {
  const told = problems.slice(0, MOST_TOLD);
  const rest = problems.length - told.length;
  const lines = [...told, ...(rest > 0 ? [`and ${rest} more`] : [])];
  return new Fault(
    "invalid",
    `Nothing was loaded:\n${lines.map((line) => `  ${line}`).join("\n")}`,
    {
      problems: told,
    },
  );
}

function pathOf(path: readonly PropertyKey[]): string {
  let text = "";
  for (const step of path)
    text += typeof step === "number" ? `[${step}]` : `${text === "" ? "" : "."}${String(step)}`;
  return text === "" ? "the file" : text;
}

/** zod says what it expected; for the values of a secret it must not say what it got. */
function messageOf(issue: z.core.$ZodIssue): string {
  return issue.code === "unrecognized_keys"
    ? `unknown field ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`
    : issue.message;
}

/** What is well written and cannot be true. */
function disagreements(file: LoadFile): string[] {
  const wrong: string[] = [];
  unique(file.communities, ({ tenant_name }) => tenant_name, "communities", "tenant_name", wrong);
  const devices = new Map<string, string>();
  for (const [i, community] of file.communities.entries()) {
    const at = `communities[${i}]`;
    const { buildings, residents, units } = community;
    unique(buildings, ({ name }) => name, `${at}.buildings`, "name", wrong);
    unique(residents, ({ ref }) => ref, `${at}.residents`, "ref", wrong);
    unique(units, ({ name }) => name, `${at}.units`, "name", wrong);
    const names = {
      building: new Set(buildings.map(({ name }) => name)),
      resident: new Set(residents.map(({ ref }) => ref)),
      unit: new Set(units.map(({ name }) => name)),
    };
    for (const [j, unit] of units.entries()) {
      if (unit.building !== undefined && !names.building.has(unit.building))
        wrong.push(
          `${at}.units[${j}].building: there is no building ${JSON.stringify(unit.building)} in the file`,
        );
      for (const [k, tenancy] of unit.tenancies.entries()) {
        const place = `${at}.units[${j}].tenancies[${k}]`;
        if (!names.resident.has(tenancy.resident))
          wrong.push(
            `${place}.resident: there is no resident ${JSON.stringify(tenancy.resident)} in the file`,
          );
        backwards(tenancy, place, wrong);
      }
    }
    for (const [j, device] of community.devices.entries()) {
      const place = `${at}.devices[${j}]`;
      const first = devices.get(device.dev_eui);
      if (first) wrong.push(`${place}.dev_eui: is at ${first} already`);
      else devices.set(device.dev_eui, place);
      if ((device.app_key === undefined) !== (device.join_eui === undefined))
        wrong.push(`${place}: join_eui and app_key go together`);
      const session = [device.dev_addr, device.nwk_s_key, device.app_s_key];
      const told = session.filter((one) => one !== undefined).length;
      if (told !== 0 && told !== 3)
        wrong.push(`${place}: dev_addr, nwk_s_key and app_s_key go together`);
      if (told > 0 && device.app_key !== undefined)
        wrong.push(`${place}: a device joins (app_key), or has a session for life (dev_addr)`);
      for (const [k, installation] of device.installations.entries()) {
        if (!names.unit.has(installation.unit))
          wrong.push(
            `${place}.installations[${k}].unit: there is no unit ${JSON.stringify(installation.unit)} in the file`,
          );
        backwards(installation, `${place}.installations[${k}]`, wrong);
      }
      for (const [a, b] of overlaps(device.installations))
        wrong.push(
          `${place}: installations[${a}] and installations[${b}] overlap: a device is in one place at a time`,
        );
    }
  }
  return wrong;
}

function unique<T>(
  list: readonly T[],
  keyOf: (item: T) => string,
  place: string,
  field: string,
  wrong: string[],
): void {
  const seen = new Map<string, number>();
  for (const [i, item] of list.entries()) {
    const key = keyOf(item);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, i);
    else
      wrong.push(
        `${place}[${i}].${field}: ${JSON.stringify(key)} is at ${place}[${first}] already`,
      );
  }
}

interface Period {
  readonly from: string;
  readonly to?: string | undefined;
}

function backwards({ from, to }: Period, place: string, wrong: string[]): void {
  if (to !== undefined && to <= from) wrong.push(`${place}.to: ends before it begins`);
}

/** Positions of neighbours in time that overlap. */
export function overlaps(periods: readonly Period[]): [number, number][] {
  const order = periods
    .map((period, i) => ({ ...period, i }))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  return order.flatMap((period, n): [number, number][] => {
    const after = order[n + 1];
    return after && (period.to === undefined || period.to > after.from)
      ? [[period.i, after.i]]
      : [];
  });
}
