/** `tell-conditions`: looks at how things stand with a gateway and says what is wrong of it. */
import type { SetAside } from "#shared/couch/set-aside.ts";
import type { TenantName } from "#shared/model/ids.ts";
import type { TrustedTime } from "#edge/store/trusted-time.ts";
import type { HubState } from "#edge/sync/hub-link.ts";
import type { Conditions } from "./conditions.ts";

/** The hub's clock and ours may differ by this much before ours is called wrong. */
const CLOCK_TOLERANCE_MS = 300_000;
/** So long after it happened damage is shown. */
const SHOW_DAMAGE_MS = 7 * 86_400_000;

export interface TellConditionsParts {
  readonly state: Conditions;
  readonly clock: Pick<TrustedTime, "now" | "machineAheadMs" | "isSynced">;
  readonly hub: () => HubState;
  readonly isSealingStuck: () => boolean;
  /** How many devices' sessions of the machine before could not go on here. */
  readonly leftBehind: () => number;
  /** Communities whose devices' keys cannot be opened. */
  readonly keysUnopened: () => readonly TenantName[];
  /** Databases that were set aside, in this life and before. */
  readonly setAside: () => readonly Pick<SetAside, "name" | "atMs">[];
  /** Nothing new can be kept, or it can again: residents are told. */
  readonly onKeeping: () => void;
}

export function tellConditions(parts: TellConditionsParts): () => void {
  const { state, clock } = parts;
  let wasKeeping = true;
  return () => {
    if (isKeeping(state) !== wasKeeping) {
      wasKeeping = !wasKeeping;
      parts.onKeeping();
    }
    const aheadMs = clock.machineAheadMs();
    const { hubUrl, isReached, trouble, denied, hasTwin, claimRefused } = parts.hub();
    state.set("clock_wrong", Math.abs(aheadMs) > CLOCK_TOLERANCE_MS, `${aheadMs} ms ahead`);
    state.set("clock_unknown", !clock.isSynced());
    state.set("hub_unreachable", hubUrl !== null && !isReached, trouble?.sentence);
    state.set("sealing_stuck", parts.isSealingStuck());
    state.set("hub_refuses", denied > 0, `${denied} documents`);
    state.set("twin", hasTwin);
    const [left, unopened] = [parts.leftBehind(), parts.keysUnopened()];
    state.set("sessions_left_behind", left > 0, `${left} devices`);
    state.set("keys_unopened", unopened.length > 0, unopened.join(", "));
    state.set("claim_refused", claimRefused !== null, claimRefused ?? undefined);
    const aside = parts.setAside().filter(({ atMs }) => clock.now() - atMs < SHOW_DAMAGE_MS);
    const names = aside.map(({ name }) => name).join(", ");
    state.set("store_damaged", aside.length > 0, names);
  };
}

/** Whether what is heard can be kept. */
export function isKeeping(state: Pick<Conditions, "shown">): boolean {
  return !state.shown().some(({ name }) => name === "disk_full" || name === "disk_budget");
}
