/**
 * `requests`: what can be asked for at a site, and what the hub says when it has changed meanwhile.
 *
 * A request acts at once on the gateway where it was made, as an overlay over its `site`, until the
 * hub answers; then the hub's word stands, whatever it is. Pure. A kind is one row here, one
 * overlay in `edge/requests` and one answer in `cloud/hub/from-sites`.
 */
import { z } from "zod";
import type { outcomes } from "#shared/model/events/answer.ts";
import { DeviceId, InstallationId, UnitId } from "./ids.ts";
import { meterKindIds } from "./meter-kinds.ts";
import { units } from "./registers.ts";
import { At } from "./site.ts";

export type Outcome = (typeof outcomes)[number];

/** A counter as it is read off: digits, a point, at most nine decimals. */
export const ReadOff = z.string().regex(/^[0-9]{1,12}(\.[0-9]{1,9})?$/, "a number such as 12.345");

export const asked = {
  /** A device nobody has registered is this community's from now on. Its keys stand in `sealed`. */
  register: z.strictObject({
    deviceId: DeviceId,
    name: z.string().trim().min(1).max(120),
    /** What it measures; by the model when left out. */
    kind: z.enum(meterKindIds).optional(),
    /** As printed on it. */
    model: z.string().trim().max(120).optional(),
    serial: z.string().trim().max(60).optional(),
    from: At,
  }),
  /** It is mounted in a home from then on. */
  mount: z.strictObject({
    /** Named alike on both sides. */
    installationId: InstallationId,
    deviceId: DeviceId,
    unitId: UnitId,
    from: At,
    startIndex: ReadOff.optional(),
    indexUnit: z.enum(units).optional(),
  }),
  /** It is taken away from a home. */
  unmount: z.strictObject({
    deviceId: DeviceId,
    unitId: UnitId,
    to: At,
    endIndex: ReadOff.optional(),
    indexUnit: z.enum(units).optional(),
  }),
  /** What a resident sets for themselves. */
  "resident-settings": z.strictObject({
    language: z.enum(["en", "es", "de", "fr"]).optional(),
    /** Whether they want to see hours, where their community asks each of its residents. */
    hours: z.boolean().optional(),
  }),
} as const;
export type RequestKind = keyof typeof asked;
export type Asked<K extends RequestKind> = z.infer<(typeof asked)[K]>;

export const isRequestKind = (kind: string): kind is RequestKind => Object.hasOwn(asked, kind);

interface Verdict {
  readonly outcome: Outcome;
  /** For whoever asked; a sentence without a person or a name in it. */
  readonly says: string;
}

/** What the hub answers when things there are not as they were seen at the site. */
export const meanwhile = {
  register: {
    ours: { outcome: "done-already", says: "It is registered in this community already." },
    taken: { outcome: "refused", says: "This DevEUI is registered already." },
  },
  mount: {
    so: { outcome: "done-already", says: "It is mounted there already." },
    elsewhere: {
      outcome: "changed-meanwhile",
      says: "It was given to another home meanwhile. What the hub has stands.",
    },
    home_gone: { outcome: "refused", says: "The home is not there any more." },
    device_gone: { outcome: "refused", says: "The device is not this community's any more." },
    device_retired: { outcome: "refused", says: "The device was retired." },
  },
  unmount: {
    so: { outcome: "done-already", says: "It is in no home already." },
    elsewhere: {
      outcome: "changed-meanwhile",
      says: "It was given to another home meanwhile. What the hub has stands.",
    },
    device_gone: { outcome: "refused", says: "The device is not this community's any more." },
  },
  "resident-settings": {
    so: { outcome: "done-already", says: "It is set so already." },
    later: {
      outcome: "changed-meanwhile",
      says: "It was set again later, here or elsewhere. That stands.",
    },
    resident_gone: { outcome: "refused", says: "There is no such resident any more." },
  },
} as const satisfies Record<RequestKind, Record<string, Verdict>>;

/** Of every kind: what cannot be read, or was made by somebody who may not ask for it. */
export const UNREADABLE = {
  outcome: "refused",
  says: "The hub does not understand what was asked for.",
} as const satisfies Verdict;

/** Of every kind: the community was put away, and is only read. */
export const ARCHIVED = {
  outcome: "refused",
  says: "The community is archived: nothing in it is changed.",
} as const satisfies Verdict;
