/** `side-panel`: one thing of a list beside it: takes the focus while it is open, gives it back, and closes on Esc. */
import x from "lucide-static/icons/x.svg";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "#shared/web/components/button.tsx";
import { CopyButton } from "#shared/web/components/copy-button.tsx";
import { Icon } from "#shared/web/components/icon.tsx";
import { speech } from "./speech.ts";
import "./side-panel.css";

export interface SidePanelProps {
  /** What screen readers call it. */
  readonly label: string;
  readonly title: ComponentChildren;
  /** Stands under the title, to be copied. */
  readonly id: string;
  close(): void;
  readonly children: ComponentChildren;
}

export function SidePanel({ label, title, id, close, children }: SidePanelProps) {
  const { words } = speech;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus();
    return () =>
      before instanceof HTMLElement ? before.focus({ preventScroll: true }) : undefined;
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isElsewhere =
        (event.target as Element).closest?.("input, select, dialog, [popover]") !== null;
      if (event.key === "Escape" && !isElsewhere) close();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [close]);
  return (
    <aside ref={panel} class="panel" tabIndex={-1} aria-label={label}>
      <header class="panel-head">
        <div class="panel-title">
          <h2>{title}</h2>
          <p class="mono small muted">
            {id}
            <CopyButton text={id} label={words.device.copy} done={words.device.copied} />
          </p>
        </div>
        <Button weight="bare" isIcon aria-label={words.frame.close} onClick={close}>
          <Icon of={x} />
        </Button>
      </header>
      {children}
    </aside>
  );
}
