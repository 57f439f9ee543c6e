/** `refused`: a question to the hub that failed, in words, with a way to ask again. */
import type { Refusal } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { Notice } from "#shared/web/components/notice.tsx";
import { speech } from "./speech.ts";

export interface RefusedProps {
  readonly why: Refusal;
  readonly isPage?: boolean;
  again(): void;
}

export function Refused({ why, isPage = false, again }: RefusedProps) {
  const { words } = speech;
  const isAway = why.code === "offline" || why.code === "unavailable";
  return (
    <Notice isPage={isPage} tone="bad" title={isAway ? words.failed.offline : words.failed.broken}>
      <Button onClick={again}>{words.failed.again}</Button>
    </Notice>
  );
}
