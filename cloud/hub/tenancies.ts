/**
 * `tenancies`: who lives in a home and when. Pure: each function answers the unit as it becomes,
 * or refuses. Tenancies of different people may overlap, those of one person in one home may not.
 */
import { Fault } from "#shared/model/fault.ts";
import type { UnitDoc } from "./hub.ts";

export type Tenancy = UnitDoc["tenancies"][number];
type TenancyId = Tenancy["tenancyId"];
/** Tells two residents' records apart by who they are: one person may have had two. */
type WhoIs = (residentId: Tenancy["residentId"]) => string;

const samePerson: WhoIs = (residentId) => residentId;

/** @throws Fault "invalid" for an end before its begin, "conflict" that names the tenancy it overlaps */
export function withTenancy(unit: UnitDoc, tenancy: Tenancy, whoIs: WhoIs = samePerson): UnitDoc {
  if (tenancy.to !== undefined && tenancy.to <= tenancy.from)
    throw new Fault("invalid", "A tenancy ends after it begins.", {
      fields: { to: "is not after from" },
    });
  const others = unit.tenancies.filter(({ tenancyId }) => tenancyId !== tenancy.tenancyId);
  const other = others.find(
    (one) => whoIs(one.residentId) === whoIs(tenancy.residentId) && overlap(one, tenancy),
  );
  if (other)
    throw new Fault(
      "conflict",
      `They live in ${unit.name} already in that time: from ${other.from} ${
        other.to === undefined ? "on" : `to ${other.to}`
      } (tenancy ${other.tenancyId}).`,
      { tenancy: { id: other.tenancyId, from: other.from, to: other.to ?? null } },
    );
  const tenancies = [...others, tenancy].sort((a, b) =>
    a.from < b.from ? -1 : a.from > b.from ? 1 : a.tenancyId < b.tenancyId ? -1 : 1,
  );
  return { ...unit, tenancies: followed(unit, tenancies) };
}

/**
 * The tenancies a home is to have, where those of a household follow the one of who let them in:
 * they live there in the same time, up to an end of their own, and not at all where somebody else did.
 * @param before the home as it was: what ended together goes on together
 */
export function followed(before: UnitDoc, tenancies: readonly Tenancy[]): Tenancy[] {
  const one = (all: readonly Tenancy[], id: TenancyId) =>
    all.find(({ tenancyId }) => tenancyId === id);
  return tenancies.flatMap((tenancy) => {
    const { partOf, to: end, ...rest } = tenancy;
    if (partOf === undefined) return tenancy;
    const [was, host] = [one(before.tenancies, partOf), one(tenancies, partOf)];
    if (!host || (was && was.residentId !== host.residentId)) return [];
    const ends = [host.to, end === was?.to ? undefined : end].filter((to) => to !== undefined);
    const [to] = ends.sort();
    if (to !== undefined && to <= host.from) return [];
    return { ...rest, partOf, from: host.from, ...(to === undefined ? {} : { to }) };
  });
}

function overlap(a: Pick<Tenancy, "from" | "to">, b: Pick<Tenancy, "from" | "to">): boolean {
  return (a.to === undefined || b.from < a.to) && (b.to === undefined || a.from < b.to);
}

/** @throws Fault "not_found" */
export function tenancyIn(unit: UnitDoc, tenancyId: string): Tenancy {
  const found = unit.tenancies.find((one) => one.tenancyId === tenancyId);
  if (!found) throw new Fault("not_found", "There is no such tenancy here.");
  return found;
}

/** Ends it at `to`. @throws Fault "conflict" when it ended before, "invalid" before its begin */
export function ended(unit: UnitDoc, tenancyId: TenancyId, to: string): UnitDoc {
  const tenancy = tenancyIn(unit, tenancyId);
  if (tenancy.to !== undefined && tenancy.to <= to)
    throw new Fault("conflict", `This tenancy ended already, at ${tenancy.to}.`);
  return withTenancy(unit, { ...tenancy, to });
}

/** It never was. @throws Fault "not_found" */
export function withoutTenancy(unit: UnitDoc, tenancyId: string): UnitDoc {
  tenancyIn(unit, tenancyId);
  const others = unit.tenancies.filter((one) => one.tenancyId !== tenancyId);
  return { ...unit, tenancies: followed(unit, others) };
}

/** Those who live there at a moment, ISO 8601 UTC. */
export function livingIn(unit: Pick<UnitDoc, "tenancies">, at: string): Tenancy[] {
  return unit.tenancies.filter(({ from, to }) => from <= at && (to === undefined || at < to));
}
