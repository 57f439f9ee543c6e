/**
 * `gateway-setup`: what a gateway's setup page and the gateway say to each other, under
 * `/api/v1/setup`. Opened by the device's own code; for installers, never for residents.
 *
 * - `POST /sign-in` `SetupSignIn` → `SetupState`; `POST /sign-out` → 204
 * - `GET /state` → `SetupState`
 * - `POST /claim` `SetupClaim` → `SetupState`: kept here and brought to the hub as soon as it is reached
 */
import { z } from "zod";

export const SetupSignIn = z.strictObject({ code: z.string().max(40) });
export const SetupClaim = z.strictObject({
  /** Address of the hub; `https://` may be left out. */
  hub: z.string().trim().min(1).max(300),
  code: z.string().max(40),
});

export const SetupState = z.object({
  gatewayId: z.string(),
  version: z.string(),
  /** As the operator calls it; null before it was claimed. */
  name: z.string().nullable(),
  hub: z.object({
    url: z.string().nullable(),
    isReached: z.boolean(),
    connectedSince: z.string().nullable(),
    awaySince: z.string().nullable(),
    lastSuccessAt: z.string().nullable(),
    lastError: z.string().nullable(),
    /** Readings' uplinks that are not on the hub yet. */
    waiting: z.number().int(),
    waitingBytes: z.number().int(),
    completeUntil: z.string().nullable(),
    etaMs: z.number().int().nullable(),
    denied: z.number().int(),
    hasTwin: z.boolean(),
  }),
  claim: z.enum(["none", "waiting", "refused"]),
  claimRefused: z.string().nullable(),
  communities: z.array(z.object({ name: z.string(), projectedAt: z.string() })),
});
export type SetupState = z.infer<typeof SetupState>;
