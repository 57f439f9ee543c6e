/**
 * `units`: what is said over HTTP of buildings, homes and who lives in them. A date alone is the
 * beginning of that day in the community's zone.
 */
import { z } from "zod";
import { ResidentId, TenancyId, UnitId } from "#shared/model/ids.ts";
import { ExternalId } from "#shared/model/place.ts";
import { units } from "#shared/model/registers.ts";
import { CommunityGiven, DateOrMoment } from "./communities.ts";
import { languages } from "./resident.ts";

const Name = z.string().trim().min(1).max(120);
const Named = z.object({ id: z.string(), name: z.string() });

export const NewBuilding = z.strictObject({
  community: CommunityGiven,
  name: Name,
  address: z.string().trim().max(200).nullish(),
  external_id: ExternalId.nullish(),
});
export type NewBuilding = z.infer<typeof NewBuilding>;
export const BuildingChange = NewBuilding.omit({ community: true }).partial();

export const BuildingRow = z.object({
  id: z.string(),
  name: z.string(),
  community: Named,
  address: z.string().nullable(),
  external_id: z.string().nullable(),
  units: z.number().int(),
});
export type BuildingRow = z.infer<typeof BuildingRow>;

export const NewUnit = z.strictObject({
  community: CommunityGiven,
  name: Name,
  /** A building's id; null or left out: none. */
  building: z.string().max(64).nullish(),
  floor: z.string().trim().max(20).nullish(),
  external_id: ExternalId.nullish(),
});
export type NewUnit = z.infer<typeof NewUnit>;
export const UnitChange = NewUnit.omit({ community: true }).partial();
export type UnitChange = z.infer<typeof UnitChange>;

export const TenancyRow = z.object({
  id: z.string(),
  resident: z.object({
    id: z.string(),
    /** Null for those who may not look at people. */
    person_id: z.string().nullable(),
    name: z.string().nullable(),
  }),
  from: z.string(),
  to: z.string().nullable(),
  /** The tenancy it hangs on, of somebody of a household: it follows that one. */
  part_of: z.string().nullable(),
});
export type TenancyRow = z.infer<typeof TenancyRow>;

export const UnitRow = z.object({
  id: z.string(),
  name: z.string(),
  community: Named.extend({ tenant_name: z.string() }),
  building: Named.nullable(),
  floor: z.string().nullable(),
  external_id: z.string().nullable(),
  /** At the moment asked for. */
  is_vacant: z.boolean(),
  residents: z.array(TenancyRow),
  /** Mounted there at the moment asked for. */
  devices: z.number().int(),
});
export type UnitRow = z.infer<typeof UnitRow>;

export const MoveRow = z.object({
  id: z.string(),
  at: z.string(),
  out: z.array(z.string()),
  in: z.array(z.string()),
  indexes: z.array(
    z.object({ device: z.string(), index: z.string(), unit: z.string().nullable() }),
  ),
  note: z.string().nullable(),
});
export type MoveRow = z.infer<typeof MoveRow>;

export const UnitDetails = UnitRow.extend({
  zone: z.string(),
  /** All of them, oldest first. */
  tenancies: z.array(TenancyRow),
  installations: z.array(
    z.object({
      device: z.string(),
      name: z.string(),
      kind: z.string(),
      from: z.string(),
      to: z.string().nullable(),
    }),
  ),
  moves: z.array(MoveRow),
});
export type UnitDetails = z.infer<typeof UnitDetails>;

/** Somebody of the community: by id, or by the e-mail address they were invited under or sign in with. */
const WhoMovesIn = z
  .union([ResidentId, z.email().max(254)])
  .describe("A resident's id, or the e-mail address of a person of this community");

export const NewTenancy = z.strictObject({
  resident: WhoMovesIn,
  /** Now when it is not said: never "since ever". */
  from: DateOrMoment.optional(),
  to: DateOrMoment.nullish(),
});
export const TenancyChange = z.strictObject({
  resident: WhoMovesIn.optional(),
  from: DateOrMoment.optional(),
  /** Null: it goes on. */
  to: DateOrMoment.nullish(),
});
export const TenancyEnd = z.strictObject({ to: DateOrMoment.optional() });

/** Somebody who moves in: a resident who is known, or somebody new. */
export const MovesIn = z.union([
  z.strictObject({ resident: ResidentId }),
  z.strictObject({
    first_name: z.string().trim().min(1).max(80),
    last_name: z.string().trim().min(1).max(80),
    email: z.email().max(254).nullish(),
    phone: z.string().trim().max(40).nullish(),
    language: z.enum(languages).optional(),
    invite: z.enum(["mail", "none"]).default("none"),
  }),
]);
export type MovesIn = z.infer<typeof MovesIn>;

/** One call for a change of who lives there. */
export const MoveOut = z.strictObject({
  /** When the keys are handed over; now when it is not said. */
  at: DateOrMoment.optional(),
  /** Who goes; everybody who lives there then when it is not said. */
  tenancies: z.array(TenancyId).max(50).optional(),
  /** What the counters showed, as decimal text so that no digit is lost. */
  indexes: z
    .array(
      z.strictObject({
        device: z.string().max(64),
        index: z
          .string()
          .regex(/^[0-9]{1,12}(\.[0-9]{1,6})?$/, 'an index is written as text: "123.456"')
          .refine(
            (text) => Number.isSafeInteger(Number(text.replace(".", ""))),
            "has too many digits",
          ),
        unit: z.enum(units).optional(),
      }),
    )
    .max(50)
    .default([]),
  /** Who comes; nobody: the home is vacant. */
  next: z.array(MovesIn).max(20).default([]),
  note: z.string().trim().max(2000).optional(),
});
export type MoveOut = z.infer<typeof MoveOut>;

export const UnitSelection = z.strictObject({
  ids: z.array(UnitId).min(1).max(500),
  /** How many are selected, typed by hand. */
  confirm: z.string().max(200),
});
