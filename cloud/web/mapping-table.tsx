/** `mapping-table`: which field of a decoder's answer is which register, in which unit, to be changed by hand. */
import { useEffect, useState } from "preact/hooks";
import type { FieldMapping, FieldRule } from "#shared/model/field-mapping.ts";
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import { Button } from "#shared/web/components/button.tsx";
import { speech } from "./speech.ts";

interface Known {
  readonly registers: readonly (readonly [RegisterId, string])[];
  readonly units: readonly Unit[];
  unitOf(register: RegisterId): Unit;
}

/** Hundreds of registers are fetched when somebody is about to choose one. */
async function fetchKnown(): Promise<Known> {
  const { registers, registerIds, units } = await import("#shared/model/registers.ts");
  return {
    registers: registerIds.map((id) => [id, registers[id].title]),
    units,
    unitOf: (id) => registers[id].unit,
  };
}

export function MappingTable({
  mapping,
  change,
}: {
  readonly mapping: FieldMapping;
  change(mapping: FieldMapping): void;
}) {
  const { decoders } = speech.words;
  const [known, setKnown] = useState<Known>();
  useEffect(() => void fetchKnown().then(setKnown), []);
  if (known === undefined) return null;
  const { fields } = mapping;
  const set = (at: number, part: Partial<FieldRule>) =>
    change({
      ...mapping,
      fields: fields.map((rule, i) => (i === at ? { ...rule, ...part } : rule)),
    });
  const add = () => {
    const [register] = known.registers[0] ?? [];
    if (register !== undefined)
      change({
        ...mapping,
        fields: [...fields, { path: "", register, unit: known.unitOf(register) }],
      });
  };
  return (
    <section class="decoders-part">
      <h2>{decoders.mapping}</h2>
      <p class="muted small">{decoders.mappingLead}</p>
      {fields.length > 0 && (
        <div class="decoders-scroll" tabIndex={0} role="region" aria-label={decoders.mapping}>
          <table class="decoders-table">
            <thead>
              <tr>
                <th>{decoders.field}</th>
                <th>{decoders.register}</th>
                <th>{decoders.unit}</th>
                <th>{decoders.power}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {fields.map((rule, i) => (
                <tr key={i}>
                  <td>
                    <input
                      class="mono"
                      aria-label={decoders.field}
                      required
                      value={rule.path}
                      onInput={({ currentTarget }) => set(i, { path: currentTarget.value })}
                    />
                  </td>
                  <td>
                    <select
                      aria-label={decoders.register}
                      value={rule.register}
                      onChange={({ currentTarget }) => {
                        const register = currentTarget.value as RegisterId;
                        set(i, { register, unit: known.unitOf(register) });
                      }}
                    >
                      {known.registers.map(([id, title]) => (
                        <option key={id} value={id}>
                          {title} ({id})
                        </option>
                      ))}
                    </select>
                  </td>
                  <td>
                    <select
                      aria-label={decoders.unit}
                      value={rule.unit}
                      onChange={({ currentTarget }) =>
                        set(i, { unit: currentTarget.value as Unit })
                      }
                    >
                      {known.units.map((unit) => (
                        <option key={unit}>{unit}</option>
                      ))}
                    </select>
                  </td>
                  <td>
                    <input
                      type="number"
                      min={-3}
                      max={6}
                      aria-label={decoders.power}
                      value={rule.scale ?? 0}
                      onInput={({ currentTarget }) =>
                        set(i, { scale: Math.trunc(Number(currentTarget.value)) })
                      }
                    />
                  </td>
                  <td>
                    <Button
                      aria-label={decoders.removeField(rule.path)}
                      onClick={() =>
                        change({ ...mapping, fields: fields.filter((_, at) => at !== i) })
                      }
                    >
                      {decoders.remove}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p>
        <Button onClick={add}>{decoders.addField}</Button>
      </p>
    </section>
  );
}
