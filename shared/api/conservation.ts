/** `conservation`: what the hub answers about nothing having been lost between gateways and itself. */
import { z } from "zod";
import { refusals } from "#shared/model/refusals.ts";

export const ConservationDay = z.object({
  day: z.string().describe("UTC day by the gateway's trusted time, yyyymmdd"),
  counted: z.number().nullable().describe("What the gateway counted; null while the day is open"),
  held: z.number().describe("Uplinks in whole segments on the hub"),
  state: z.enum(["agrees", "differs", "open"]),
  devices: z
    .array(z.object({ device: z.string(), counted: z.number(), held: z.number() }))
    .describe("Devices of which another number is here; the first 20"),
});
export type ConservationDay = z.infer<typeof ConservationDay>;

export const ConservationChain = z.object({
  writer: z.string(),
  name: z.string().describe("The gateway's name; the hub's own chains have none").nullable(),
  segments: z.number(),
  uplinks: z.number(),
  before: z.number().describe("Uplinks in segments that were dropped with their month"),
  holes: z.array(z.object({ after: z.string().nullable(), before: z.string() })),
  forks: z.array(z.string()),
  damaged: z.array(z.string()),
  days: z.array(ConservationDay),
});
export type ConservationChain = z.infer<typeof ConservationChain>;

export const LossRow = z.object({
  at: z.string().describe("When it was written down"),
  writer: z.string(),
  reason: z.string(),
  meaning: z.string().describe("The reason in words"),
  device: z.string().nullable(),
  count: z.number(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  about: z.string().nullable(),
});
export type LossRow = z.infer<typeof LossRow>;

export const Conservation = z.object({
  community: z.string(),
  is_whole: z.boolean().describe("False while older segments are still being compared: ask again"),
  chains: z.array(ConservationChain),
  ledger: z.array(LossRow).describe("What gateways lost, refused or gave up, newest first"),
});
export type Conservation = z.infer<typeof Conservation>;

/** A reason of the ledger in words; a later gateway may have reasons this hub does not know. */
export function meaningOf(reason: string): string {
  return (refusals as Readonly<Record<string, string>>)[reason] ?? reason;
}
