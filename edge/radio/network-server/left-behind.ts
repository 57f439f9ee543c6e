/**
 * `left-behind`: which sessions of the machine before could not go on here. The hub hands them over
 * again with every site, so that those already counted stand in `local`.
 *
 * Document `left-behind` in `local`, written here alone. History: 1 = first release.
 */
import type { Database, Doc } from "#shared/couch/database.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import type { LeftBehind, LeftBehindReason } from "#shared/model/left-behind.ts";

interface CountedDoc extends Doc {
  readonly v: 1;
  readonly counted: Readonly<Record<DeviceId, LeftBehindReason>>;
}

export interface LeftBehinds {
  /** Takes what could not go on; resolves when those that are new are counted, once over all starts. */
  note(sessions: readonly LeftBehind[]): Promise<void>;
  /** Those noted since the start. */
  noted(): LeftBehind[];
}

const ID = "left-behind";

export function leftBehinds(local: Database, count: (one: LeftBehind) => void): LeftBehinds {
  const now = new Map<DeviceId, LeftBehindReason>();
  let noting: Promise<void> = Promise.resolve();
  const note = async (sessions: readonly LeftBehind[]) => {
    for (const { deviceId, why } of sessions) now.set(deviceId, why);
    const doc = await local.get<CountedDoc>(ID);
    const fresh = sessions.filter(({ deviceId, why }) => doc?.counted[deviceId] !== why);
    if (fresh.length === 0) return;
    const counted = Object.fromEntries(fresh.map(({ deviceId, why }) => [deviceId, why]));
    await local.put({ ...doc, _id: ID, v: 1, counted: { ...doc?.counted, ...counted } });
    for (const one of fresh) count(one);
  };
  return {
    note(sessions) {
      const noted = noting.then(() => note(sessions));
      noting = noted.catch(() => undefined);
      return noted;
    },
    noted: () => [...now].map(([deviceId, why]) => ({ deviceId, why })),
  };
}
