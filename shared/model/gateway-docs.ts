/**
 * `gateway-docs`: the documents of `g-{gateway}`, which that gateway writes and the hub reads.
 *
 * They speak of the machine and of devices nobody has registered. Never of residents.
 *
 * History: 1 = first release.
 */
import { z } from "zod";
import { DeviceId, GatewayId } from "./ids.ts";
import { At } from "./site.ts";

/** `sighting:{deviceId}:{yyyymmdd}`: an unregistered device as heard on one day; at most one per device and day. */
export const SightingDoc = z.object({
  _id: z.string().startsWith("sighting:"),
  type: z.literal("sighting"),
  v: z.literal(1),
  gatewayId: GatewayId,
  /** A DevEUI, or `x-devaddr-{8 hex}` for data frames of an unknown session. */
  deviceId: DeviceId,
  day: z.string().regex(/^[0-9]{8}$/),
  firstAt: At,
  lastAt: At,
  count: z.number().int().min(1),
  via: z.string(),
  rssi: z.number().optional(),
  snr: z.number().optional(),
  antenna: z.string().optional(),
  joinEui: z.string().optional(),
  /** What it may be and say: a model whose decoder understands the payload. */
  guess: z.object({ model: z.string(), values: z.array(z.string()) }).optional(),
});
export type SightingDoc = z.infer<typeof SightingDoc>;

/** `health:{gatewayId}:{yyyy-mm-ddThh}`: how the gateway is doing, once an hour at most. */
export const HealthDoc = z.object({
  _id: z.string().startsWith("health:"),
  type: z.literal("health"),
  v: z.literal(1),
  gatewayId: GatewayId,
  at: At,
  version: z.string(),
  upMs: z.number(),
  rssBytes: z.number(),
  uplinksKept: z.number(),
  waiting: z.number(),
  /** Generation of `site` held, by community. */
  sites: z.record(z.string(), z.number()),
  /** The state of `site` held (its `projectedAt`), by community. */
  projections: z.record(z.string(), At).optional(),
});
export type HealthDoc = z.infer<typeof HealthDoc>;

/** `session:{deviceId}`: a LoRaWAN session of a device whose home this gateway is, for whoever takes its place. */
export const SessionDoc = z.object({
  _id: z.string().startsWith("session:"),
  type: z.literal("session"),
  v: z.literal(1),
  gatewayId: GatewayId,
  deviceId: DeviceId,
  /** Names the session and what is reserved of it; no key can be found from it. */
  mark: z.string().max(120),
  at: At,
  /** A compact JWE for the hub: the network server's own record. */
  jwe: z.string().max(20_000),
});
export type SessionDoc = z.infer<typeof SessionDoc>;

export const sessionDocId = (deviceId: DeviceId) => `session:${deviceId}`;
