/** `notice`: a quiet place that says what is (not) here and what to do next. */
import type { ComponentChildren } from "preact";
import "./notice.css";

export interface NoticeProps {
  readonly title: string;
  readonly text?: string | undefined;
  /** `bad` is announced at once by screen readers. */
  readonly tone?: "plain" | "bad";
  /** The one thing to do. */
  readonly children?: ComponentChildren;
}

export function Notice({ title, text, tone = "plain", children }: NoticeProps) {
  return (
    <div class={`notice notice-${tone}`} {...(tone === "bad" ? { role: "alert" } : {})}>
      <p class="notice-title">{title}</p>
      {text !== undefined && <p class="notice-text">{text}</p>}
      {children}
    </div>
  );
}
