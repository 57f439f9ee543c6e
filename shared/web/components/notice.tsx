/** `notice`: a quiet place that says what is (not) here and what to do next. */
import type { ComponentChildren } from "preact";
import "./notice.css";

export interface NoticeProps {
  readonly title: string;
  readonly text?: string | undefined;
  /** `bad` is announced at once by screen readers. */
  readonly tone?: "plain" | "bad";
  /** True when it is all there is on the page: its title is then the page's heading. */
  readonly isPage?: boolean;
  /** The one thing to do. */
  readonly children?: ComponentChildren;
}

export function Notice({ title, text, tone = "plain", isPage = false, children }: NoticeProps) {
  return (
    <div class={`notice notice-${tone}`} {...(tone === "bad" ? { role: "alert" } : {})}>
      {isPage ? <h1 class="notice-title">{title}</h1> : <p class="notice-title">{title}</p>}
      {text !== undefined && <p class="notice-text">{text}</p>}
      {children}
    </div>
  );
}
