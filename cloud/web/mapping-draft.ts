/** `mapping-draft`: a mapping while it is being written, and what is sent of it. Pure. */
import type { JsonMapping } from "#shared/model/json-mapping.ts";
import { registers, type RegisterId } from "#shared/model/registers.ts";

export interface DraftLine {
  readonly pointer: string;
  readonly register: RegisterId;
  /** Power of ten. */
  readonly scale: number;
}

export interface MappingDraft {
  readonly topic: string;
  readonly sampleTopic: string;
  readonly sample: string;
  /** A pointer into the body, or a level of the topic. */
  readonly device: string;
  readonly time: string;
  readonly form: "rfc3339" | "seconds" | "milliseconds";
  readonly lines: readonly DraftLine[];
}

export const emptyDraft: MappingDraft = {
  topic: "",
  sampleTopic: "",
  sample: "",
  device: "",
  time: "",
  form: "rfc3339",
  lines: [],
};

type Rules = Omit<JsonMapping, "name">;

/** The mapping it stands for, or undefined while something is missing. A bare number names a level of the topic. */
export function mappingOf({ topic, device, time, form, lines }: MappingDraft): Rules | undefined {
  const values = lines.filter(({ pointer }) => pointer.startsWith("/"));
  const isLevel = /^\d{1,2}$/.test(device);
  if (values.length === 0 || (!isLevel && !device.startsWith("/"))) return undefined;
  return {
    topic: topic === "" ? null : topic,
    device: isLevel ? { topicLevel: Number(device) } : { pointer: device },
    time: time === "" ? null : { pointer: time, form },
    values: [...values],
  };
}

/** A kept mapping, to be written on. */
export function draftOf(
  { topic, device, time, values }: Rules,
  sample: { readonly topic: string | null; readonly body: string } | null,
): MappingDraft {
  return {
    topic: topic ?? "",
    sampleTopic: sample?.topic ?? "",
    sample: sample?.body ?? "",
    device: "pointer" in device ? device.pointer : String(device.topicLevel),
    time: time?.pointer ?? "",
    form: time?.form ?? "rfc3339",
    lines: values.map(({ pointer, register, scale }) => ({ pointer, register, scale })),
  };
}

/** All registers with what they are called and count, in the order of their titles. */
export const registerChoices: readonly (readonly [RegisterId, string])[] = (
  Object.entries(registers) as [RegisterId, { title: string; unit: string }][]
)
  .map(([id, { title, unit }]) => [id, unit === "none" ? title : `${title} (${unit})`] as const)
  .toSorted(([, a], [, b]) => a.localeCompare(b));
