/**
 * `clock-lives`: remembers the lives of this gateway in which nobody vouched for the time, and tells every
 * community what is to be added to the times of each, once that is known.
 */
import type { EventLog } from "#shared/couch/event-log.ts";
import type { Epoch, TenantName } from "#shared/model/ids.ts";
import { additions } from "./epochs.ts";
import type { Store } from "./open-store.ts";

export interface ClockLives {
  /** Notes how far the present life came, while nobody vouched for its time. */
  note(): void;
  /** Ms to be added to the times of lives that are put right by now. */
  rightBy(): ReadonlyMap<Epoch, number>;
  /**
   * Writes what is to be added into every community's events.
   * @param sealAll brings into segments what was heard before: it belongs to the life that is put right
   */
  tell(
    sealAll: () => Promise<void>,
    tenants: () => Iterable<TenantName>,
    events: EventLog,
  ): Promise<void>;
}

/** The most that are remembered. */
const MOST = 100;

export function clockLives(
  store: Pick<Store, "time" | "remembered" | "note" | "now" | "flush">,
  epoch: Epoch,
  log: { info(about: object, message: string): void },
): ClockLives {
  const { time: clock, remembered } = store;
  const startMs = clock.now();
  const until = (lastMs: number) => [...remembered.unvouched, { epoch, startMs, lastMs }];
  const note = () => {
    if (!clock.isSynced()) store.note({ unvouched: until(clock.now()).slice(-MOST) });
  };
  note();
  clock.onKnown(({ addMs, evidence, nowMs }) => {
    const at = new Date(nowMs).toISOString();
    const added = additions(until(nowMs), addMs);
    const found = added.filter((one) => one.addMs !== 0).map((one) => ({ ...one, evidence, at }));
    store.note({
      unvouched: [],
      corrections: [...store.now().corrections, ...found],
      known: [...store.now().known, ...added].slice(-MOST),
    });
    log.info({ addMs, evidence }, "the time is known");
  });
  return {
    note,
    rightBy: () => new Map(store.now().known.map((one) => [one.epoch, one.addMs])),
    async tell(sealAll, tenants, events) {
      const { corrections } = store.now();
      if (corrections.length === 0) return;
      await sealAll();
      for (const { epoch: of, addMs, evidence, at } of corrections)
        for (const tenant of tenants())
          await events.append(tenant, "clock", of, { epoch: of, addMs, evidence, at });
      store.note({ corrections: [] });
      await store.flush({ all: true });
    },
  };
}
