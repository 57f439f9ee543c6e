/** `code-field`: one large field for an access code, grouped while it is typed or pasted. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { caretAfter, groupCode, readCode } from "../access-code.ts";
import "./code-field.css";

export interface CodeFieldProps {
  readonly label: string;
  readonly code: string;
  readonly isWrong: boolean;
  /** Id of what explains the field. */
  readonly describedBy: string;
  change(code: string): void;
}

export function CodeField({ label, code, isWrong, describedBy, change }: CodeFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const caret = useRef<number | undefined>(undefined);
  const shown = groupCode(code);
  useLayoutEffect(() => {
    if (caret.current !== undefined) input.current?.setSelectionRange(caret.current, caret.current);
    caret.current = undefined;
  });
  return (
    <label class="code-field">
      <span class="code-field-label">{label}</span>
      <input
        ref={input}
        type="text"
        name="code"
        value={shown}
        placeholder="XXXX-XXXX-XXXX-XXXX"
        autocomplete="off"
        autocapitalize="characters"
        autocorrect="off"
        spellcheck={false}
        enterkeyhint="go"
        aria-invalid={isWrong}
        aria-describedby={describedBy}
        onInput={({ currentTarget }) => {
          const before = readCode(currentTarget.value.slice(0, currentTarget.selectionStart ?? 0));
          const next = readCode(currentTarget.value);
          caret.current = caretAfter(before.length);
          // The field shows what was understood even when that did not change.
          currentTarget.value = groupCode(next);
          currentTarget.setSelectionRange(caret.current, caret.current);
          change(next);
        }}
      />
    </label>
  );
}
