/**
 * `decoders`: what is said over HTTP about the decoders an organization brings itself, and about
 * uplinks that nothing could be made of.
 */
import { z } from "zod";
import { FieldMapping } from "#shared/model/field-mapping.ts";
import { DecoderDoc, DecoderExample, DecoderSlug, SCRIPT_CHARS } from "#shared/model/site.ts";

const Source = z.string().trim().min(1).max(SCRIPT_CHARS);
const At = z.iso.datetime();

export const DecoderRow = z.object({
  slug: z.string(),
  /** What devices name it by. */
  model: z.string(),
  title: z.string(),
  language: DecoderDoc.shape.language,
  version: z.int(),
  /** The one community it is for; null: all of the organization. */
  community: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Devices of this model within reach. */
  devices: z.int(),
  updated_at: z.string(),
});
export type DecoderRow = z.infer<typeof DecoderRow>;

export const DecoderDetails = DecoderRow.extend({
  source: z.string(),
  mapping: FieldMapping,
  examples: z.array(DecoderExample),
  redecode_from: z.string().nullable(),
  /**
   * Where `redecode_from` lies in what is history: of uplinks before `until` only indexes are left, and they
   * stay what they were made of.
   */
  not_read_again: z.array(
    z.object({ community: z.object({ id: z.string(), name: z.string() }), until: z.string() }),
  ),
  /** Newest first. */
  versions: z.array(
    z.object({ version: z.int(), at: z.string(), redecode_from: z.string().nullable() }),
  ),
});
export type DecoderDetails = z.infer<typeof DecoderDetails>;

export const DecoderVersion = z.object({
  version: z.int(),
  at: z.string(),
  language: DecoderDoc.shape.language,
  source: z.string(),
  mapping: FieldMapping,
});
export type DecoderVersion = z.infer<typeof DecoderVersion>;

/** A script with its mapping. `redecode_from`: uplinks sent from then on are decoded by it anew. */
export const DecoderDraft = z.strictObject({
  title: z.string().trim().min(1).max(200),
  source: Source,
  mapping: FieldMapping,
  examples: z.array(DecoderExample).max(50).default([]),
  redecode_from: At.optional(),
});
export type DecoderDraft = z.infer<typeof DecoderDraft>;

export const NewDecoder = DecoderDraft.extend({
  slug: DecoderSlug,
  /** Id or `tenant_name` of the one community it is for. */
  community: z.string().max(64).optional(),
});
export type NewDecoder = z.infer<typeof NewDecoder>;

/** Tries a script that nobody has saved. Without a mapping the proposed one is applied. */
export const DecoderTrial = z.strictObject({
  source: Source,
  mapping: FieldMapping.optional(),
  samples: z.array(DecoderExample).max(100),
});
export type DecoderTrial = z.infer<typeof DecoderTrial>;

/** What one sample came to: an answer, or why there is none. */
export const SampleOutcome = z.object({
  /** What the script answered, as it answered it. */
  data: z.unknown().optional(),
  warnings: z.array(z.string()),
  logs: z.array(z.string()),
  /** Why it could not be decoded; null when it was. */
  error: z.string().nullable(),
  /** Which limit or rule it met: `budget`, `memory`, `thrown`, `errors`, … */
  why: z.string().nullable(),
  readings: z.array(
    z.object({
      at: z.string().nullable(),
      values: z.array(
        z.object({
          register: z.string(),
          title: z.string(),
          n: z.int(),
          scale: z.int(),
          unit: z.string(),
        }),
      ),
    }),
  ),
  /** Fields of the answer that no rule reads. */
  unmapped: z.array(z.string()),
  /** Whether the answer is the one the sample expects; null when it expects none. */
  is_as_expected: z.boolean().nullable(),
});
export type SampleOutcome = z.infer<typeof SampleOutcome>;

export const TrialOutcome = z.object({
  /** Names of the functions the script brings. */
  functions: z.array(z.string()),
  language: DecoderDoc.shape.language,
  samples: z.array(SampleOutcome),
  /** A first mapping, for a person to look at. */
  proposal: z.object({
    mapping: FieldMapping,
    fields: z.array(
      z.object({ path: z.string(), certainty: z.enum(["known", "likely", "guess"]) }),
    ),
    unmapped: z.array(z.object({ path: z.string(), why: z.string() })),
  }),
});
export type TrialOutcome = z.infer<typeof TrialOutcome>;

/** Tries `encodeDownlink` with data, or `decodeDownlink` with bytes. */
export const DownlinkTrial = z.strictObject({
  source: Source,
  data: z.record(z.string(), z.unknown()).optional(),
  frame: DecoderExample.pick({ fPort: true, hex: true }).optional(),
});

export const DownlinkOutcome = z.object({
  fPort: z.int().nullable(),
  hex: z.string().nullable(),
  data: z.unknown().optional(),
  warnings: z.array(z.string()),
  logs: z.array(z.string()),
});
export type DownlinkOutcome = z.infer<typeof DownlinkOutcome>;

/** Which devices are to be decoded by it: all of a type (by the name it was registered with, or its model), or those named. */
export const DecoderAssignment = z.strictObject({
  device_type: z.string().min(1).max(200).optional(),
  dev_euis: z.array(z.string().max(64)).max(5000).optional(),
});

export const UndecodedRow = z.object({
  dev_eui: z.string(),
  device_name: z.string(),
  /** The model its decoder is chosen by. */
  device_type: z.string(),
  community: z.object({ id: z.string(), name: z.string() }),
  at: z.string(),
  heard_at: z.string(),
  fPort: z.int().nullable(),
  hex: z.string(),
  reason: z.string(),
  /** `model@version`, or null when there was none to ask. */
  decoder: z.string().nullable(),
  via: z.string(),
  /** The gateway, or the hub's own process, that wrote it down. */
  writer: z.string(),
});
export type UndecodedRow = z.infer<typeof UndecodedRow>;
