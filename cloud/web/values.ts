/** `values`: which of a reading's values is the one that counts, and how values are written. */
import type { DeviceRow, ValueShown } from "#shared/api/admin.ts";
import { meterKinds, type MeterKindId } from "#shared/model/meter-kinds.ts";
import { language } from "#shared/web/language.ts";
import { localeOf } from "#shared/web/moments.ts";
import { indexSymbol, indexText } from "#shared/web/quantities.ts";

/** The value a device of this kind is there for; else its first. */
export function mainValue<T extends ValueShown>(
  kind: MeterKindId,
  values: readonly T[],
): T | undefined {
  const known = meterKinds[kind];
  const wanted: readonly string[] = "gauge" in known ? [known.gauge] : known.index;
  for (const register of wanted) {
    const found = values.find((value) => value.register === register);
    if (found !== undefined) return found;
  }
  return values[0];
}

/** Number and unit, every digit the device gave. */
export function valueText(value: ValueShown): string {
  const symbol = indexSymbol(value);
  const text = indexText(value, localeOf(language.value));
  return symbol === "" ? text : `${text} ${symbol}`;
}

export function mainText({
  kind,
  last_reading: lastReading,
}: Pick<DeviceRow, "kind" | "last_reading">): string | undefined {
  const value = lastReading === null ? undefined : mainValue(kind, lastReading.values);
  return value === undefined ? undefined : valueText(value);
}
