/** `undo-toast`: says what was just done, and takes it back. Stays until somebody closes it: nobody reads by the clock. */
import { Button } from "#shared/web/components/button.tsx";
import "./undo-toast.css";

export interface UndoToastProps {
  readonly text: string;
  readonly undoText: string;
  readonly closeText: string;
  /** Undefined when there is nothing to take back. */
  readonly undo: (() => void) | undefined;
  close(): void;
}

export function UndoToast({ text, undoText, closeText, undo, close }: UndoToastProps) {
  return (
    <div class="undo-toast" role="status">
      <span>{text}</span>
      {undo && <Button onClick={undo}>{undoText}</Button>}
      <Button weight="bare" onClick={close}>
        {closeText}
      </Button>
    </div>
  );
}
