/**
 * `sightings`: devices heard that nobody has registered, told to the hub once per device and day.
 *
 * Bounded in memory and in number: a passing lorry full of sensors must not fill the gateway.
 */
import type { Database } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import { dayOf } from "#shared/model/database-names.ts";
import type { SightingDoc } from "#shared/model/gateway-docs.ts";
import { isFault } from "#shared/model/fault.ts";
import type { GatewayId } from "#shared/model/ids.ts";
import type { Glimpse } from "#shared/keep/ear.ts";

/** Different devices remembered per day. */
const MOST_DEVICES = 2_000;

type Guess = NonNullable<SightingDoc["guess"]>;

export interface Sightings {
  saw(glimpse: Glimpse, guess?: Guess): void;
  /** Writes what changed since the last time. */
  flush(): Promise<void>;
  readonly dropped: number;
}

interface Sighting {
  doc: SightingDoc;
  isDirty: boolean;
}

export function sightings({
  database,
  gatewayId,
  clock,
}: {
  database: Database;
  gatewayId: GatewayId;
  clock: Clock;
}): Sightings {
  const today = new Map<string, Sighting>();
  /** Revisions this process wrote, by id. */
  const revisions = new Map<string, string>();
  let dropped = 0;

  const forgetOtherDays = (day: string) => {
    for (const [id, { doc, isDirty }] of today)
      if (doc.day !== day && !isDirty) {
        today.delete(id);
        revisions.delete(id);
      }
  };
  const merge = (
    doc: SightingDoc,
    { heardAt, via, radio, joinEui }: Glimpse,
    guess: Guess | undefined,
  ): SightingDoc => ({
    ...doc,
    lastAt: new Date(Math.max(heardAt, Date.parse(doc.lastAt))).toISOString(),
    count: doc.count + 1,
    via,
    ...(radio?.rssi === undefined ? {} : { rssi: radio.rssi }),
    ...(radio?.snr === undefined ? {} : { snr: radio.snr }),
    ...(radio?.antenna === undefined ? {} : { antenna: radio.antenna }),
    ...(joinEui === undefined ? {} : { joinEui }),
    ...(guess === undefined ? {} : { guess }),
  });
  return {
    saw(glimpse, guess) {
      const day = dayOf(clock.now());
      const id = `sighting:${glimpse.deviceId}:${day}`;
      const known = today.get(id);
      if (!known && today.size >= MOST_DEVICES) forgetOtherDays(day);
      if (!known && today.size >= MOST_DEVICES) {
        dropped++;
        return;
      }
      const at = new Date(glimpse.heardAt).toISOString();
      const base: SightingDoc = known?.doc ?? {
        _id: id,
        type: "sighting",
        v: 1,
        gatewayId,
        deviceId: glimpse.deviceId,
        day,
        firstAt: at,
        lastAt: at,
        count: 0,
        via: glimpse.via,
      };
      today.set(id, { doc: merge(base, glimpse, guess), isDirty: true });
    },
    async flush() {
      const dirty = [...today.values()].filter(({ isDirty }) => isDirty);
      for (const sighting of dirty) {
        const { doc } = sighting;
        sighting.isDirty = false;
        try {
          await write(doc);
        } catch (error) {
          sighting.isDirty = true;
          if (!isFault(error, "conflict")) throw error;
        }
      }
      forgetOtherDays(dayOf(clock.now()));
    },
    get dropped() {
      return dropped;
    },
  };

  /** After a restart the count in memory begins at 0 again: the stored one is taken up. */
  async function write(doc: SightingDoc) {
    const stored = await database.get(doc._id);
    const isOurs = stored?._rev !== undefined && revisions.get(doc._id) === stored._rev;
    const before = stored && !isOurs ? (stored as unknown as SightingDoc) : undefined;
    const whole = before
      ? { ...doc, firstAt: before.firstAt, count: doc.count + before.count }
      : doc;
    const { rev } = await database.put({
      ...whole,
      ...(stored?._rev === undefined ? {} : { _rev: stored._rev }),
    });
    revisions.set(doc._id, rev);
    const sighting = today.get(doc._id);
    if (before && sighting)
      sighting.doc = {
        ...sighting.doc,
        firstAt: before.firstAt,
        count: sighting.doc.count + before.count,
      };
  }
}
