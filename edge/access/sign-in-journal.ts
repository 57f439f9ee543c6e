/**
 * `sign-in-journal`: who signed in on this gateway's pages, for the hub's audit: events, by random ids.
 *
 * Those who got in are told one by one. Guesses are counted, one event an hour for each way and
 * community: a stranger must not fill the line.
 */
import type { EventLog } from "#shared/couch/event-log.ts";
import type { Clock } from "#shared/model/clock.ts";
import type { EventOf } from "#shared/model/events/list.ts";
import type { TenantName } from "#shared/model/ids.ts";
import type { Sites } from "#edge/site/sites.ts";

type Said = EventOf<"site-sign-in">;

export interface SignInHappened {
  /** Whose code it was; without one it concerns every community of this gateway. */
  readonly tenant?: TenantName;
  readonly by: Said["by"];
  readonly way: Said["way"];
  readonly result: Said["result"];
}

export interface SignInJournal {
  happened(what: SignInHappened): void;
  /** Writes what is counted of hours that are over, or all of it. */
  flush(options?: { readonly all?: boolean }): Promise<void>;
}

const HOUR_MS = 3_600_000;

export function signInJournal({
  events,
  sites,
  clock,
  random,
  log,
}: {
  readonly events: EventLog;
  readonly sites: Pick<Sites, "all">;
  readonly clock: Clock;
  readonly random: (size: number) => Uint8Array;
  readonly log: { warn(about: object, message: string): void };
}): SignInJournal {
  const counted = new Map<string, { what: SignInHappened; sinceMs: number; count: number }>();
  /** One after the other, so that a stop can wait for all. */
  let writing: Promise<void> = Promise.resolve();

  const write = ({ tenant, ...said }: SignInHappened, count: number) => {
    const at = new Date(clock.now()).toISOString();
    const tenants = tenant === undefined ? sites.all().map((site) => site.tenant) : [tenant];
    const name = `${at.replaceAll(/[^0-9T]/g, "")}:${Buffer.from(random(4)).toString("hex")}`;
    writing = writing.then(async () => {
      for (const one of tenants)
        await events
          .append(one, "site-sign-in", name, { at, ...said, count })
          .catch((error: unknown) => log.warn({ error }, "a sign-in could not be written down"));
    });
  };
  return {
    happened(what) {
      if (what.result === "in" || what.result === "out") return write(what, 1);
      const key = `${what.tenant ?? ""} ${what.way} ${what.result}`;
      const known = counted.get(key);
      if (known) known.count++;
      else counted.set(key, { what, sinceMs: clock.now(), count: 1 });
    },
    async flush({ all = false } = {}) {
      for (const [key, { what, sinceMs, count }] of counted)
        if (all || clock.now() - sinceMs >= HOUR_MS) {
          counted.delete(key);
          write(what, count);
        }
      await writing;
    },
  };
}
