/** `select-field`: a labelled choice of a few. */
import { useId } from "preact/hooks";

export interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  change(value: string): void;
}

export function SelectField({ label, value, options, change }: SelectFieldProps) {
  const id = useId();
  return (
    <div class="setup-select">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={({ currentTarget }) => change(currentTarget.value)}>
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
