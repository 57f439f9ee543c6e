/** `copy-button`: puts a text on the clipboard and says so; works on plain http too. */
import check from "lucide-static/icons/check.svg";
import copy from "lucide-static/icons/copy.svg";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";
import "./copy-button.css";

export interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
  /** Said for a moment after copying. */
  readonly done: string;
}

const SAID_MS = 1_500;

export function CopyButton({ text, label, done }: CopyButtonProps) {
  const [isDone, setIsDone] = useState(false);
  useEffect(() => {
    if (!isDone) return undefined;
    const timer = setTimeout(() => setIsDone(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [isDone]);
  return (
    <button
      type="button"
      class="copy-button"
      aria-label={isDone ? done : `${label} ${text.slice(0, 40)}`}
      title={isDone ? done : label}
      onClick={async () => setIsDone(await toClipboard(text))}
    >
      <Icon of={isDone ? check : copy} size={14} />
    </button>
  );
}

/** True when the text is on the clipboard. Without a secure context the old command is all there is. */
async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "spoken";
    document.body.append(field);
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    return isDone;
  }
}
