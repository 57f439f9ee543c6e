/**
 * `own-settings`: what residents set for themselves at their building: it holds there at once, and
 * the administration's answer may come much later. On the hub nobody takes it: nothing is shown.
 */
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { OwnSettings } from "#shared/api/resident.ts";
import { get, put } from "../api-client.ts";
import { speech } from "./speech.ts";

/** Whether who serves this page takes them. */
export const takesOwnSettings = signal(false);
/** Counts changes that show in what a home is told. */
export const hoursTurn = signal(0);

/** While an answer is waited for, ms. */
const AGAIN_MS = 3_000;
const PATH = "/me/settings";

type Change = Partial<Pick<OwnSettings, "language">> & { readonly hours?: boolean };

export interface OwnSettingsNow {
  readonly value: OwnSettings | undefined;
  /** How the last change made here went. */
  readonly went: "well" | "wrong" | undefined;
  change(change: Change): void;
}

/** Asks while `isOpen`; what was set before is forgotten when it closes. */
export function useOwnSettings(isOpen: boolean): OwnSettingsNow {
  const [value, setValue] = useState<OwnSettings>();
  const [went, setWent] = useState<"well" | "wrong">();
  /** An answer to an earlier question tells nothing any more. */
  const turn = useRef(0);
  const isWanted = isOpen && takesOwnSettings.value;
  const ask = async (question: () => ReturnType<typeof get<OwnSettings>>) => {
    const mine = ++turn.current;
    const answer = await question();
    if (mine !== turn.current) return undefined;
    if (answer.ok) setValue(answer.value);
    return answer;
  };
  const look = () => void ask(() => get<OwnSettings>(PATH));
  useEffect(() => {
    setWent(undefined);
    if (isWanted) look();
  }, [isWanted]);
  const isWaiting = isWanted && value?.is_waiting === true;
  useEffect(() => {
    if (!isWaiting) return undefined;
    const timer = setInterval(look, AGAIN_MS);
    return () => clearInterval(timer);
  }, [isWaiting]);
  return {
    value: isWanted ? value : undefined,
    went,
    change(change) {
      if (!takesOwnSettings.value) return;
      setWent(undefined);
      void ask(() => put<OwnSettings>(PATH, change)).then((answer) => {
        if (answer === undefined) return;
        setWent(answer.ok ? "well" : "wrong");
        if (answer.ok && change.hours !== undefined) hoursTurn.value++;
      });
    },
  };
}

export function OwnSettingsPart({ value, went, change }: OwnSettingsNow) {
  const { menu } = speech.words;
  const said =
    went === "wrong"
      ? menu.notSaved
      : value?.is_waiting
        ? menu.waiting
        : value?.is_refused
          ? menu.refused
          : went === "well"
            ? menu.saved
            : undefined;
  return (
    <>
      {value?.hours.is_asked === true && (
        <label class="settings-hours">
          <input
            type="checkbox"
            checked={value.hours.is_agreed}
            onChange={({ currentTarget }) => change({ hours: currentTarget.checked })}
          />
          <span>
            {menu.hours}
            <span class="tiny muted">{menu.hoursText}</span>
          </span>
        </label>
      )}
      <p class="small settings-said" role="status">
        {said}
      </p>
    </>
  );
}
