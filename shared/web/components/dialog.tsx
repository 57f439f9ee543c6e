/** `dialog`: a native modal dialog that opens when it is shown and closes itself on Esc. */
import x from "lucide-static/icons/x.svg";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";
import "./dialog.css";

export interface DialogProps {
  readonly title: string;
  /** What the cross is called. */
  readonly closeText: string;
  close(): void;
  readonly children: ComponentChildren;
}

export function Dialog({ title, closeText, close, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      onClose={close}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={id}>{title}</h2>
          <Button
            weight="bare"
            isIcon
            aria-label={closeText}
            onClick={() => dialog.current?.close()}
          >
            <Icon of={x} />
          </Button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
