/**
 * `gateway-setup`: what a gateway's setup page and the gateway say to each other, under
 * `/api/v1/setup`. Opened by the device's own code; for installers, never for residents.
 *
 * - `POST /sign-in` `SetupSignIn` → `SetupState`; `POST /sign-out` → 204
 * - `GET /state` → `SetupState`
 * - `POST /claim` `SetupClaim` → `SetupState`: kept here and brought to the hub as soon as it is reached
 * - `GET /site` → `SetupSite`
 * - `POST /label` `SetupLabel` → `SetupLabelAnswer`
 * - `POST /requests` `SetupRequest` → `SetupRequestRow`: acts here at once, and waits for the hub's answer
 */
import { z } from "zod";
import { outcomes } from "#shared/model/events/answer.ts";
import { RequestId } from "#shared/model/events/request.ts";
import { DevEui, DeviceId, TenantName, UnitId } from "#shared/model/ids.ts";
import { meterKindIds } from "#shared/model/meter-kinds.ts";
import { units } from "#shared/model/registers.ts";
import { asked, ReadOff } from "#shared/model/requests.ts";
import { At } from "#shared/model/site.ts";
import { LeftBehindRow } from "./gateway-admin.ts";
import { HubTrouble } from "./gateway-talk.ts";

export const SetupSignIn = z.strictObject({ code: z.string().max(40) });
export const SetupClaim = z.strictObject({
  /** Address of the hub; `https://` may be left out. */
  hub: z.string().trim().min(1).max(300),
  code: z.string().max(40),
});

export const SetupState = z.object({
  gateway_id: z.string(),
  version: z.string(),
  /** As the operator calls it; null before it was claimed. */
  name: z.string().nullable(),
  hub: z.object({
    url: z.string().nullable(),
    is_reached: z.boolean(),
    connected_since: z.string().nullable(),
    away_since: z.string().nullable(),
    last_success_at: z.string().nullable(),
    /** In English, as logged. */
    last_error: z.string().nullable(),
    trouble: HubTrouble.nullable(),
    /** Readings' uplinks that are not on the hub yet. */
    waiting: z.number().int(),
    waiting_bytes: z.number().int(),
    complete_until: z.string().nullable(),
    eta_ms: z.number().int().nullable(),
    denied: z.number().int(),
    has_twin: z.boolean(),
  }),
  /** Radio sessions of the machine before that could not go on here, until their devices joined. */
  left_behind: z.array(LeftBehindRow),
  /** Names of communities whose devices' keys cannot be opened here. */
  keys_unopened: z.array(z.string()),
  claim: z.enum(["none", "waiting", "refused"]),
  claim_refused: z.string().nullable(),
  communities: z.array(z.object({ name: z.string(), projected_at: z.string() })),
  /** Antennas that are heard, latest first. `packets`: since this gateway's start. */
  antennas: z.array(
    z.object({
      eui: z.string(),
      address: z.string(),
      last_heard_at: z.string(),
      packets: z.number().int(),
    }),
  ),
  /** Who sends from an address that is not let in. */
  knocking: z.array(
    z.object({ address: z.string(), eui: z.string().nullable(), last_heard_at: z.string() }),
  ),
  /** Where an antenna's packet forwarder has to send to; null where none is listened for. */
  udp_port: z.number().int().nullable(),
});
export type SetupState = z.infer<typeof SetupState>;

/** A thing asked for at this gateway and what became of it. */
export const SetupRequestRow = z.object({
  id: RequestId,
  kind: z.string(),
  at: z.string(),
  /** A DevEUI or other device id; null where it is about none. */
  dev_eui: z.string().nullable(),
  unit_id: z.string().nullable(),
  /** `waiting`: it acts here and the hub has not answered. */
  state: z.enum(["waiting", ...outcomes]),
  /** The hub's words. */
  says: z.string().nullable(),
  answered_at: z.string().nullable(),
});
export type SetupRequestRow = z.infer<typeof SetupRequestRow>;

/** What an installer works with: the homes and devices of each community this gateway serves. */
export const SetupSite = z.object({
  communities: z.array(
    z.object({
      tenant: TenantName,
      name: z.string(),
      units: z.array(
        z.object({ id: z.string(), name: z.string(), building: z.string().nullable() }),
      ),
      devices: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          kind: z.enum(meterKindIds),
          model: z.string(),
          serial: z.string().nullable(),
          /** Where it is mounted now. */
          unit_id: z.string().nullable(),
          /** When this community last heard it; null when it never did. */
          last_heard_at: z.string().nullable(),
        }),
      ),
      /** Newest first. */
      requests: z.array(SetupRequestRow),
    }),
  ),
});
export type SetupSite = z.infer<typeof SetupSite>;

const Hex32 = z
  .string()
  .overwrite((text) => text.replaceAll(/[\s:-]/g, "").toLowerCase())
  .regex(/^[0-9a-f]{32}$/, "32 hex digits");

const inCommunity = {
  /** Drawn by whoever asks: sent twice, it is one. */
  id: RequestId,
  tenant: TenantName,
};

const inHome = {
  dev_eui: DeviceId,
  unit_id: UnitId,
  index_unit: z.enum(units).optional(),
  at: At.optional(),
};

/** What an installer can ask for; what is not said of the time is now. */
export const SetupRequest = z.discriminatedUnion("kind", [
  z.strictObject({
    ...inCommunity,
    kind: z.literal("register"),
    ...asked.register.pick({ name: true, model: true, serial: true }).shape,
    dev_eui: DevEui,
    measures: asked.register.shape.kind,
    join_eui: DevEui.optional(),
    app_key: Hex32.optional(),
  }),
  z.strictObject({
    ...inCommunity,
    kind: z.literal("mount"),
    ...inHome,
    start_index: ReadOff.optional(),
  }),
  z.strictObject({
    ...inCommunity,
    kind: z.literal("unmount"),
    ...inHome,
    end_index: ReadOff.optional(),
  }),
]);
export type SetupRequest = z.infer<typeof SetupRequest>;
/** As a page writes it. */
export type SetupRequestAsked = z.input<typeof SetupRequest>;

/** What stands on a label; a key on it goes back to whoever scanned it and nowhere else. */
export const SetupLabel = z.strictObject({ text: z.string().min(1).max(2_000) });
export const SetupLabelAnswer = z.object({
  dev_eui: z.string().nullable(),
  join_eui: z.string().nullable(),
  app_key: z.string().nullable(),
  serial: z.string().nullable(),
  model: z.string().nullable(),
  problems: z.array(z.string()),
});
