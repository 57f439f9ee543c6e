/** `text-field`: a labelled field with what is expected said before and what is wrong said after. */
import { useId } from "preact/hooks";
import "./text-field.css";

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string | undefined;
  readonly trouble?: string | undefined;
  readonly name: string;
  readonly type?: "text" | "email" | "password";
  readonly autocomplete: string;
  readonly required?: boolean;
  readonly autofocus?: boolean;
  change(value: string): void;
}

export function TextField(props: TextFieldProps) {
  const {
    label,
    value,
    hint,
    trouble,
    change,
    name,
    type = "text",
    autocomplete,
    required = false,
    autofocus = false,
  } = props;
  // Preact's types know each kind of input apart; to the browser it is one attribute.
  const asText = type as "text";
  const id = useId();
  return (
    <div class="text-field">
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p id={`${id}-hint`} class="text-field-hint">
          {hint}
        </p>
      )}
      <input
        type={asText}
        name={name}
        autocomplete={autocomplete}
        required={required}
        autofocus={autofocus}
        id={id}
        value={value}
        aria-invalid={trouble !== undefined}
        aria-describedby={`${hint === undefined ? "" : `${id}-hint `}${id}-trouble`}
        onInput={({ currentTarget }) => change(currentTarget.value)}
      />
      <p id={`${id}-trouble`} class="text-field-trouble">
        {trouble}
      </p>
    </div>
  );
}
