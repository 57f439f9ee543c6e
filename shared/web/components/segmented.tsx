/** `segmented`: a choice of a few things side by side: radio buttons that look like one control. */
import "./segmented.css";

export interface SegmentedProps<T extends string> {
  readonly name: string;
  /** What is chosen, for screen readers. */
  readonly legend: string;
  readonly options: readonly { readonly value: T; readonly text: string }[];
  readonly value: T;
  choose(value: T): void;
}

export function Segmented<T extends string>({
  name,
  legend,
  options,
  value,
  choose,
}: SegmentedProps<T>) {
  return (
    <fieldset class="segmented">
      <legend class="spoken">{legend}</legend>
      {options.map((option) => (
        <label key={option.value} class="segmented-option">
          <input
            type="radio"
            class="spoken"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => choose(option.value)}
          />
          <span>{option.text}</span>
        </label>
      ))}
    </fieldset>
  );
}
