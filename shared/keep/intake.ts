/**
 * `intake`: hear → whose is it → decode → keep. Everything that is told "received" went through here.
 *
 * Nothing is refused for what it says: what cannot be decoded is kept raw with the reason, what
 * nobody here has is kept as a stranger.
 */
import {
  decodeUplink,
  type DecodeOutcome,
  type FindDecoder,
} from "#shared/devices/decode-uplink.ts";
import { guess } from "#shared/devices/guess.ts";
import { rawOf } from "#shared/devices/reported-values/decoder.ts";
import type { Clock } from "#shared/model/clock.ts";
import { isFault } from "#shared/model/fault.ts";
import { OWN_MODELS } from "#shared/model/site.ts";
import type { Refusal, Tally } from "#shared/model/refusals.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import type { Uplink } from "#shared/model/uplink.ts";
import { identityOf } from "#shared/series/identity.ts";
import { within } from "./within.ts";
import type { Ear, Glimpse, Kept } from "./ear.ts";
import type { SourceSessions } from "./source-sessions.ts";
import type { Strangers } from "./strangers.ts";

/** Whose a device is: the community, and the model that says how it is decoded. */
export interface Holder {
  readonly site: { readonly tenant: TenantName };
  readonly device: { readonly model: string };
}

export interface IntakeOptions {
  /** Whose a device is at a time, epoch ms. */
  readonly sites: {
    holder(deviceId: DeviceId, timeMs: number): Holder | undefined | Promise<Holder | undefined>;
  };
  /** What decodes a community's models. */
  readonly decodersOf: (tenant: TenantName) => FindDecoder;
  readonly inbox: { keep(tenant: TenantName, uplink: KeptUplink): Promise<"kept" | "repeat"> };
  readonly strangers: Pick<Strangers, "keep">;
  /** Told of devices that nobody has. */
  readonly sightings: {
    saw(glimpse: Glimpse, guess?: { model: string; values: string[] }): void;
  };
  /** Names the sessions of uplinks that came through another's network server. */
  readonly sessions: SourceSessions;
  readonly tally: Tally;
  readonly clock: Clock;
  /** Marks a time of one's own clock that nobody vouches for, before it is kept anywhere. */
  readonly vouched?: (uplink: Uplink) => Uplink;
  readonly onOutcome: (outcome: Kept, via: string) => void;
}

export interface Intake extends Ear {
  /** Keeps an uplink of a device that is known by now. @throws Fault "unavailable" */
  keepKnown(holder: Holder, uplink: Uplink): Promise<"kept" | "repeat">;
}

/**
 * How long an uplink waits for its decoder, ms. A script that hangs holds its own device's values up, never
 * anybody's acknowledgement: the bytes are kept, and read again when segments are rolled up.
 */
const DECODE_WITHIN_MS = 500;

/** Kept without a decoder's name: whoever reads it again takes it for not yet asked. */
const WAITS: DecodeOutcome = {
  decoder: null,
  readings: [],
  undecoded: "its decoder did not answer in time; it is asked again",
  refusal: "decoder_busy",
};

export function intake({
  sites,
  decodersOf,
  inbox,
  strangers,
  sightings,
  sessions,
  tally,
  clock,
  vouched = (uplink) => uplink,
  onOutcome,
}: IntakeOptions): Intake {
  const decode = async (tenant: TenantName, model: string, uplink: Uplink) => {
    const outcome = decodeUplink(model, uplink, decodersOf(tenant));
    const isOwn = model.startsWith(OWN_MODELS);
    try {
      return await (isOwn ? within(clock, DECODE_WITHIN_MS, outcome, WAITS) : outcome);
    } catch (error) {
      if (isFault(error, "unavailable") || isFault(error, "too_many")) return WAITS;
      throw error;
    }
  };
  const keepKnown = async ({ site, device }: Holder, heard: Uplink) => {
    const uplink = heard.via === "lorawan" ? heard : await sessions.name(heard);
    const { refusal, ...decoded } = await decode(site.tenant, device.model, uplink);
    const outcome = await inbox.keep(site.tenant, {
      ...uplink,
      identity: identityOf(uplink),
      ...decoded,
    });
    const { deviceId, heardAt: fromMs } = uplink;
    if (refusal && outcome === "kept")
      tally.refused(refusal satisfies Refusal, 1, { tenant: site.tenant, deviceId, fromMs });
    return outcome;
  };
  const hearStranger = async (uplink: Uplink): Promise<Kept> => {
    await strangers.keep(uplink);
    const { deviceId, heardAt, radio, via } = uplink;
    tally.refused("device_unknown", 1, { deviceId, fromMs: heardAt });
    sightings.saw({ deviceId, heardAt, radio, via }, guess(rawOf(uplink.payload), uplink.fPort));
    return "stranger";
  };
  return {
    keepKnown,
    async hear(heard) {
      const possible = withPossibleTime(heard);
      const uplink = vouched(possible);
      if (possible !== heard)
        tally.refused("message_invalid", 1, { deviceId: uplink.deviceId, fromMs: uplink.heardAt });
      const holder = await sites.holder(uplink.deviceId, uplink.time);
      const outcome = holder ? await keepKnown(holder, uplink) : await hearStranger(uplink);
      onOutcome(outcome, uplink.via);
      return outcome;
    },
    glimpse(glimpse) {
      sightings.saw(glimpse);
    },
  };
}

/** Far beyond any meter's life, and well inside what can be written as a date. */
const LATEST_MS = Date.UTC(2200, 0);

/** A time that is none (not a whole number, centuries away) would stop the rollup for good: this gateway's stands for it. */
function withPossibleTime(uplink: Uplink): Uplink {
  const { time, heardAt } = uplink;
  if (Number.isSafeInteger(time) && time >= 0 && time < LATEST_MS) return uplink;
  return { ...uplink, time: heardAt, timeSource: "gateway" };
}
