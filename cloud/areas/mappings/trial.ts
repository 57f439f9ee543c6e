/** `trial`: a mapping tried on a sample, with the places in the sample that hold something to read. */
import type { MappingTrialOutcome } from "#shared/api/mappings.ts";
import { tryMapping } from "#shared/formats/json-mapping.ts";
import { recognise } from "#shared/formats/list.ts";
import { readMessage } from "#shared/formats/message.ts";
import { Fault } from "#shared/model/fault.ts";
import type { JsonMapping } from "#shared/model/json-mapping.ts";

type Place = MappingTrialOutcome["places"][number];
const MOST_PLACES = 200;

/** @throws Fault "invalid" when the sample is no JSON */
export function tryOnSample(
  mapping: JsonMapping,
  sample: { readonly topic: string | null; readonly body: string },
): MappingTrialOutcome {
  const message = readMessage(sample.topic, new TextEncoder().encode(sample.body));
  if (message.body instanceof Uint8Array) throw new Fault("invalid", "The sample is no JSON.");
  const { isForTopic, device, time, values } = tryMapping(message, mapping);
  return {
    known_as: recognise(message)?.name ?? null,
    is_for_topic: isForTopic,
    device,
    time: { is: time.is === null ? null : new Date(time.is).toISOString(), why: time.why },
    values: [...values],
    places: placesIn(message.body),
  };
}

/** Every number, text and yes or no, by its pointer; the text of names and notes as well: it may be a device's. */
function placesIn(body: unknown): Place[] {
  const places: Place[] = [];
  const visit = (value: unknown, pointer: string): void => {
    if (places.length >= MOST_PLACES || value === null) return;
    if (typeof value === "object") {
      for (const [key, inner] of Object.entries(value))
        visit(inner, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    } else if (typeof value === "string") places.push({ pointer, value: value.slice(0, 100) });
    else if (typeof value === "number" || typeof value === "boolean")
      places.push({ pointer, value });
  };
  visit(body, "");
  return places.filter(({ pointer }) => pointer.length <= 200);
}
