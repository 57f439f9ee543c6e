/**
 * `person-data`: everything that is held of a person, as files: what they are, how they came in,
 * what was done by them and for them, and what their homes used while they lived there, and never
 * a day more.
 */
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { nextEmailOf } from "#cloud/auth/next-email.ts";
import { signInIdOf } from "#cloud/auth/sign-in-store.ts";
import type { PersonDoc } from "#cloud/auth/people-store.ts";
import { indexText } from "#shared/model/decimal-index.ts";
import { overlap } from "#shared/access/windows.ts";
import { meterKinds } from "#shared/model/meter-kinds.ts";
import { systemScope, type HubScope } from "#shared/model/scope.ts";
import { gapOf, isCounted } from "#shared/series/billing.ts";
import { addDays, localDate } from "#shared/series/calendar.ts";
import { toCsv } from "#shared/web/csv.ts";

const system = systemScope("privacy");
const AUDIT_PAGE = 1_000;
/** Days of one question: a leap year. */
const STRETCH_DAYS = 366;

export interface DataFile {
  readonly name: string;
  readonly text: string;
}

type Parts = Pick<AreaParts, "hub" | "readings">;

/** One file after the other, so that no more than one is held at once. */
export async function* personData(
  parts: Parts,
  person: PersonDoc,
  scopes: readonly HubScope[],
): AsyncGenerator<DataFile> {
  const { hub } = parts;
  const nowMs = hub.clock.now();
  yield {
    name: "about.json",
    text: json({
      what: "All that this hub holds of one person, at the time it was asked for.",
      person: person.personId,
      made_at: new Date(nowMs).toISOString(),
      files: {
        "person.json": "who they are, their roles, homes and ways in",
        "sign-ins.csv": "where they are signed in",
        "audit.csv": "what they did and what was done for them",
        "consumption/*.csv": "what each meter of their homes counted per day, in their time",
      },
    }),
  };
  const { passwordHash, signInEpoch: _, ...known } = person;
  const { _rev: _r, _id: _i, ...told } = known as typeof known & { _rev?: string };
  const homes = await homesOf(parts, person);
  yield {
    name: "person.json",
    text: json({
      ...told,
      nextEmail: await nextEmailOf(hub, person.personId),
      hasPassword: passwordHash !== undefined,
      homes: homes.map(({ community, unit, tenancy, resident }) => ({
        community: community.name,
        unit: unit.name,
        from: tenancy.from,
        to: tenancy.to ?? null,
        hoursAgreedAt: resident.hoursAgreedAt ?? null,
        hasAccessCode: resident.code !== undefined,
      })),
    }),
  };
  yield {
    name: "sign-ins.csv",
    text: toCsv([
      ["sign_in", "way", "from", "agent", "created_at", "seen_at", "expires_at"],
      ...(await hub.signIns.of(person.personId, person.signInEpoch ?? 0)).map((one) => [
        signInIdOf(one),
        one.way,
        one.from,
        one.agent,
        one.createdAt,
        one.seenAt,
        one.expiresAt,
      ]),
    ]),
  };
  yield { name: "audit.csv", text: await auditOf(parts, person, scopes) };
  yield* consumptionOf(parts, homes, nowMs);
}

const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
async function auditOf(
  { hub }: Parts,
  { personId }: PersonDoc,
  scopes: readonly HubScope[],
): Promise<string> {
  const rows: string[][] = [];
  for (const scope of scopes)
    for (let offset = 0; ; offset += AUDIT_PAGE) {
      const page = await hub.audit.list(scope, {
        limit: AUDIT_PAGE,
        offset,
        keeps: (doc) =>
          doc.by.id === personId || doc.forWhom === personId || doc.assistant === personId,
      });
      for (const { at, by, what, target, result, from } of page.rows)
        rows.push([
          at,
          by.id === personId ? "they" : by.kind,
          what,
          target ? `${target.type} ${target.name ?? target.id}` : "",
          by.id === personId ? from : "",
          result,
        ]);
      if (page.rows.length < AUDIT_PAGE) break;
    }
  return toCsv([["at", "by", "what", "about", "from", "result"], ...rows]);
}

/** The tenancies of somebody, in the communities that know them as a resident. */
async function homesOf({ hub }: Parts, { memberships }: PersonDoc) {
  const all = await hub.communities.list(system);
  const found = [];
  for (const { on, residentId } of memberships) {
    if (residentId === undefined || on.kind !== "community") continue;
    const community = all.find(({ communityId }) => communityId === on.communityId);
    const resident = (await hub.residents.list(system, on.communityId)).find(
      (one) => one.residentId === residentId,
    );
    if (!community || !resident) continue;
    for (const unit of await hub.units.units.list(system, on.communityId))
      for (const tenancy of unit.tenancies)
        if (tenancy.residentId === residentId) found.push({ community, unit, tenancy, resident });
  }
  return found;
}

async function* consumptionOf(
  { hub, readings }: Parts,
  homes: Awaited<ReturnType<typeof homesOf>>,
  nowMs: number,
): AsyncGenerator<DataFile> {
  for (const { community, unit, tenancy } of homes) {
    const zones = community.zones.map(({ from, zone }) => ({ fromMs: Date.parse(from), zone }));
    const held = await hub.devices.everHeldBy(
      system,
      community.organizationId,
      community.communityId,
    );
    for (const device of held)
      for (const installation of device.installations) {
        if (installation.unitId !== unit.unitId || !isCounted(device.kind)) continue;
        const window = overlap(installation, tenancy);
        if (!window) continue;
        const rows: string[][] = [];
        const end = addDays(localDate(zones, Math.min(window.toMs, nowMs)), 1);
        for (let from = localDate(zones, window.fromMs); from < end;) {
          const to = [addDays(from, STRETCH_DAYS), end].sort()[0] as string;
          const counted = await readings.consumption(system, community.tenant, device.deviceId, {
            registers: meterKinds[device.kind].index,
            zones,
            from,
            to,
            step: "day",
            nowMs,
            gapMs: gapOf(device),
            expectedMs: device.expectedIntervalMs,
            counter: device.counter,
            window,
          });
          for (const { label, n, quality } of counted?.periods ?? [])
            if (quality !== "outside" && quality !== "future")
              rows.push([
                label,
                n === null ? "" : indexText(n, counted?.scale ?? 0),
                counted?.unit ?? "",
                quality,
              ]);
          from = to;
        }
        const name = `${unit.name}-${device.kind}-${tenancy.tenancyId}-${installation.installationId}`;
        yield {
          name: `consumption/${name.replaceAll(/[^\p{L}\p{N}_-]+/gu, "_")}.csv`,
          text: toCsv([["day", "consumption", "unit", "quality"], ...rows]),
        };
      }
  }
}
