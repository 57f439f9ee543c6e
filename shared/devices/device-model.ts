/**
 * `device-model`: which decoder reads a device and what it measures, from what people say of it:
 * a decoder's name, a maker's model, or the type another product calls it by. Pure.
 */
import { decoders, findDecoder } from "#shared/devices/list.ts";
import { meterKindIds, type MeterKindId } from "#shared/model/meter-kinds.ts";
import { OWN_MODELS } from "#shared/model/site.ts";

/** Takes what a network server decoded, by the field names that are common. */
export const REPORTED = "riser/reported-values";

export interface Said {
  readonly decoder?: string | undefined;
  readonly model?: string | null | undefined;
  readonly device_type?: string | undefined;
  readonly kind?: MeterKindId | undefined;
}

/** @param isOwn whether the organization brought a decoder of that slug */
export function modelOf(
  said: Said,
  isOwn: (slug: string) => boolean,
): { readonly model: string } | { readonly wrong: string } {
  const { decoder } = said;
  if (decoder !== undefined && decoder !== "") {
    const isKnown = decoder.startsWith(OWN_MODELS)
      ? isOwn(decoder.slice(OWN_MODELS.length))
      : findDecoder(decoder) !== undefined;
    return isKnown
      ? { model: decoder }
      : { wrong: `there is no decoder ${JSON.stringify(decoder)}` };
  }
  for (const text of [said.model, said.device_type]) {
    const found = text ? named(text) : undefined;
    if (found !== undefined) return { model: found };
  }
  return { model: REPORTED };
}

const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
/** What every maker's could be called: `water_meter` is a type other products know, and names no decoder. */
const ANYBODYS =
  /^(?:cold|hot|warm|water|heat|cooling|gas|electric(?:ity|al)?|energy|power|temp(?:erature)?|humidity|leak|climate|pulse|smart|meter|counter|sensor|device|module|reader)+$/;
const byName = new Map<string, string | null>();
for (const { model } of decoders)
  for (const name of new Set([plain(model), plain(model.slice(model.indexOf("/") + 1))]))
    // Two makers' models of one name tell nothing.
    if (!ANYBODYS.test(name)) byName.set(name, byName.has(name) ? null : model);

function named(text: string): string | undefined {
  return byName.get(plain(text)) ?? undefined;
}

/** First that matches; in the languages of the product. */
const KIND_WORDS: readonly (readonly [RegExp, MeterKindId])[] = [
  [/leak|fuga|leck|fuite|flood/, "leak"],
  [/hot|caliente|warm|chaude|acs/, "hot_water"],
  [/cool|frigor|kälte|froid(?!e)|refrig/, "cooling"],
  [/water|agua|wasser|eau/, "cold_water"],
  [/heat|calor|wärme|waerme|chaleur|thermal/, "heat"],
  [/gas|gaz/, "gas"],
  [/electr|power|energy|energ[ií]a|strom|elektr|électr|kwh/, "electricity"],
  [/temp|climate|clima|humid|room/, "temperature"],
];

/** What it measures: as said, by the words of its type, by its decoder; cold water when nothing tells. */
export function kindOf({ kind, device_type: type }: Said, model: string): MeterKindId {
  if (kind !== undefined) return kind;
  const exact = meterKindIds.find((id) => id === type?.toLowerCase().replaceAll(/[\s-]/g, "_"));
  if (exact) return exact;
  const text = type?.toLowerCase() ?? "";
  for (const [words, found] of KIND_WORDS) if (words.test(text)) return found;
  const decoder = model === REPORTED ? undefined : findDecoder(model);
  return decoder?.kind ?? "cold_water";
}
