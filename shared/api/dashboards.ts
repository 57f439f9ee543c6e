/**
 * `dashboards`: pages put together from Riser's own cards. A card says what it shows and of what;
 * how it looks is the pages' business.
 */
import { z } from "zod";
import { meterKindIds } from "#shared/model/meter-kinds.ts";
import { CommunityGiven } from "./communities.ts";

const common = {
  /** Names the card within its page. */
  id: z.string().regex(/^[a-z0-9-]{1,40}$/, "lower-case letters, digits and hyphens"),
  title: z.string().trim().max(80).optional(),
  /** Of a page of twelve columns. */
  width: z.number().int().min(2).max(12).default(6),
};
const kind = z.enum(meterKindIds);

/** What a page can be put together from. */
export const Card = z.discriminatedUnion("card", [
  /** Consumption over time of one kind of meter. */
  z.strictObject({
    ...common,
    card: z.literal("consumption"),
    kind,
    by: z.enum(["hour", "day", "month"]).default("day"),
    /** How many of them back. */
    last: z.number().int().min(1).max(400).default(31),
  }),
  /** This period in one number, against the one before. */
  z.strictObject({
    ...common,
    card: z.literal("total"),
    kind,
    period: z.enum(["today", "month", "year"]).default("month"),
  }),
  /** Homes by what they use. */
  z.strictObject({
    ...common,
    card: z.literal("ranking"),
    kind,
    most: z.number().int().min(3).max(50).default(10),
  }),
  /** Devices by how they fare. */
  z.strictObject({ ...common, card: z.literal("health") }),
  /** Which meters were read in time, and which are missing. */
  z.strictObject({ ...common, card: z.literal("completeness"), kind: kind.optional() }),
  /** Open alerts. */
  z.strictObject({ ...common, card: z.literal("alerts") }),
  /** Gateways and what waits there. */
  z.strictObject({ ...common, card: z.literal("gateways") }),
  /** Homes: lived in and vacant. */
  z.strictObject({ ...common, card: z.literal("homes") }),
  /** When the newest reading is from. */
  z.strictObject({ ...common, card: z.literal("freshness") }),
  /** The newest values of some devices. */
  z.strictObject({
    ...common,
    card: z.literal("readings"),
    devices: z.array(z.string().max(64)).min(1).max(50),
  }),
  /** Words of one's own; shown as text, never as markup. */
  z.strictObject({ ...common, card: z.literal("text"), text: z.string().max(4000) }),
]);
export type Card = z.infer<typeof Card>;

const Cards = z
  .array(Card)
  .max(60)
  .refine(
    (cards) => new Set(cards.map(({ id }) => id)).size === cards.length,
    "two cards have the same id",
  );
const Name = z.string().trim().min(1).max(120);

export const NewDashboard = z.strictObject({
  community: CommunityGiven,
  name: Name,
  cards: Cards.default([]),
  /** The page that the community's people see first. */
  is_home: z.boolean().default(false),
});
export const DashboardChange = z.strictObject({
  name: Name.optional(),
  cards: Cards.optional(),
  is_home: z.boolean().optional(),
});

export const DashboardRow = z.object({
  id: z.string(),
  name: z.string(),
  community: z.object({ id: z.string(), name: z.string() }),
  is_home: z.boolean(),
  cards: z.array(Card),
  created_at: z.string(),
  updated_at: z.string(),
});
export type DashboardRow = z.infer<typeof DashboardRow>;
