/**
 * `conditions`: everything that can be wrong with a gateway and that a person is told: one list, from
 * which health, metrics and pages are made. `remedy` says what is safe and what to do.
 */
export interface Condition {
  readonly severity: "error" | "warn";
  /** It has to be so for as long before anybody is told, ms: what passes by itself alarms nobody. */
  readonly showAfterMs: number;
  readonly title: string;
  readonly remedy: string;
}

export const conditions = {
  disk_full: {
    severity: "error",
    showAfterMs: 0,
    title: "The disk is full",
    remedy:
      "What was kept is safe and can be read; nothing new can be kept until there is space. Free some: it goes on by itself within seconds.",
  },
  disk_budget: {
    severity: "error",
    showAfterMs: 0,
    title: "The space for readings is used up",
    remedy:
      "Everything the hub has was dropped here already; what is left exists only here. Bring the hub back, or raise DISK_BUDGET_MB.",
  },
  store_damaged: {
    severity: "error",
    showAfterMs: 0,
    title: "A database was damaged and has been set aside",
    remedy:
      "It was begun anew and filled from the hub or from what else is here; the ledger says what could not be. Check the disk: storage that fails once fails again.",
  },
  clock_wrong: {
    severity: "warn",
    showAfterMs: 60_000,
    title: "This machine's clock is wrong",
    remedy:
      "Readings get their right times all the same. Set the clock, or let the machine reach a time server.",
  },
  clock_unknown: {
    severity: "warn",
    showAfterMs: 3_600_000,
    title: "Nobody has vouched for the time since the start",
    remedy: "Readings are kept and get their right times once the hub or a time server is reached.",
  },
  hub_unreachable: {
    severity: "warn",
    showAfterMs: 60_000,
    title: "The hub cannot be reached",
    remedy: "Nothing is lost: readings wait here. Check the router, then HUB_URL.",
  },
  claim_refused: {
    severity: "error",
    showAfterMs: 0,
    title: "The hub does not take the claim code",
    remedy: "Ask the operator for a new code and enter it on the setup page.",
  },
  hub_refuses: {
    severity: "error",
    showAfterMs: 0,
    title: "The hub refuses some of what this gateway wrote",
    remedy:
      "It is kept here and offered again every six hours. Tell the operator: the log says which documents and why.",
  },
  twin: {
    severity: "error",
    showAfterMs: 0,
    title: "Another machine speaks with this gateway's identity",
    remedy:
      "Somebody copied this disk. Switch one of the two off; claim it anew with keys of its own, after removing its data folder.",
  },
  rolled_back: {
    severity: "warn",
    showAfterMs: 0,
    title: "This gateway runs on an older image of its disk",
    remedy:
      "What the hub had was fetched back. Devices that join over the air may have to do so again; the hub marks where the chain was cut.",
  },
  sessions_left_behind: {
    severity: "warn",
    showAfterMs: 0,
    title: "Radio sessions of the machine before could not be taken over",
    remedy:
      "Their devices have to join anew: some do so by themselves, others have to be switched off and on. The setup page names them.",
  },
  keys_unopened: {
    severity: "error",
    showAfterMs: 0,
    title: "The devices' keys from the hub cannot be opened",
    remedy: "Devices of that community cannot be heard by radio. Claim this gateway anew.",
  },
  sealing_stuck: {
    severity: "error",
    showAfterMs: 30_000,
    title: "Readings cannot be put into segments",
    remedy: "They are safe in the inbox and it is tried again. Check the disk and the log.",
  },
} as const satisfies Record<string, Condition>;
export type ConditionName = keyof typeof conditions;

export interface ConditionNow extends Condition {
  readonly name: ConditionName;
  /** Since when, epoch ms. */
  readonly sinceMs: number;
  /** What exactly, in words. */
  readonly about: string | null;
}

export interface Conditions {
  /** Says how things stand; `about` may change while it holds. */
  set(name: ConditionName, holds: boolean, about?: string): void;
  /** Those that hold for as long as it takes to be told, worst first. */
  shown(): ConditionNow[];
}

export function conditionsNow(elapsedMs: () => number, now: () => number): Conditions {
  /** By a clock that nobody moves: how long it holds is no question of what time it is. */
  const held = new Map<ConditionName, { readonly at: number; about: string | null }>();
  return {
    set(name, holds, about) {
      const known = held.get(name);
      if (!holds) held.delete(name);
      else if (known) known.about = about ?? known.about;
      else held.set(name, { at: elapsedMs(), about: about ?? null });
    },
    shown() {
      return [...held]
        .map(([name, { at, about }]) => ({ name, about, heldMs: elapsedMs() - at }))
        .filter(({ name, heldMs }) => heldMs >= conditions[name].showAfterMs)
        .map(({ name, about, heldMs }) => ({
          name,
          ...conditions[name],
          sinceMs: Math.round(now() - heldMs),
          about,
        }))
        .sort((a, b) => Number(b.severity === "error") - Number(a.severity === "error"));
    },
  };
}
