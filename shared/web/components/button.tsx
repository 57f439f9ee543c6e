/** `button`: the three weights of a button: the one main act, an ordinary one, a bare one. */
import type { ButtonHTMLAttributes, ComponentChildren } from "preact";
import "./button.css";

export interface ButtonProps extends ButtonHTMLAttributes {
  readonly weight?: "main" | "plain" | "bare";
  /** A square with an icon: give an `aria-label`. */
  readonly isIcon?: boolean;
  readonly children: ComponentChildren;
}

export function Button({ weight = "plain", isIcon = false, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={`button button-${weight}${isIcon ? " button-icon" : ""}`}
    >
      {children}
    </button>
  );
}
