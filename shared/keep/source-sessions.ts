/**
 * `source-sessions`: names the LoRaWAN sessions of sources that do not name them well enough.
 *
 * A network server tells a device address, which stays the same when a device with fixed keys
 * begins to count anew. So: a counter that falls while the sender's time moves forward begins a
 * new session; a falling counter with an earlier or equal time is late data of the old one.
 */
import type { Database, Doc } from "#shared/couch/database.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import type { Uplink } from "#shared/model/uplink.ts";

interface State {
  readonly address: string;
  /** How often the counter began anew under this address. */
  readonly restarts: number;
  readonly fCnt: number;
  readonly time: number;
}

interface SessionDoc extends Doc {
  readonly v: 1;
  readonly address: string;
  readonly restarts: number;
}

const idOf = (deviceId: DeviceId) => `source-session:${deviceId}`;

export interface SourceSessions {
  /** The uplink with its session named. Durable before it is told: a session must not get two names. */
  name(uplink: Uplink): Promise<Uplink>;
}

/**
 * @param lastOf the counter and time a device was last heard with, for the time after a start
 */
export function sourceSessions(
  local: Database,
  lastOf: (
    deviceId: DeviceId,
  ) => Promise<{ session: string | null; fCnt: number | null; time: number } | undefined>,
): SourceSessions {
  const states = new Map<DeviceId, State>();
  /** One at a time per device: two uplinks must not both find the old state. */
  const queues = new Map<DeviceId, Promise<unknown>>();

  const recall = async (deviceId: DeviceId, address: string): Promise<State> => {
    const doc = await local.get<SessionDoc>(idOf(deviceId));
    const restarts = doc?.address === address ? doc.restarts : 0;
    const last = await lastOf(deviceId);
    const isSame = last !== undefined && last.session === nameOf(address, restarts);
    return {
      address,
      restarts,
      fCnt: isSame ? (last.fCnt ?? -1) : -1,
      time: isSame ? last.time : -Infinity,
    };
  };

  const next = async (uplink: Uplink, address: string, fCnt: number): Promise<Uplink> => {
    let state = states.get(uplink.deviceId);
    // Another address: a join, or late data of the session before. Either names itself.
    if (state && state.address !== address && uplink.time <= state.time) return uplink;
    if (state?.address !== address) state = await recall(uplink.deviceId, address);
    // Without the sender's own time a message that is sent again looks newer than it is.
    const isSendersTime = uplink.timeSource !== "gateway" && uplink.timeSource !== "unset";
    if (isSendersTime && fCnt < state.fCnt && uplink.time > state.time) {
      state = { ...state, restarts: state.restarts + 1, fCnt: -1 };
      const old = await local.get(idOf(uplink.deviceId));
      await local.put({
        ...old,
        _id: idOf(uplink.deviceId),
        v: 1,
        address,
        restarts: state.restarts,
      });
    }
    if (uplink.time > state.time || fCnt > state.fCnt)
      state = {
        ...state,
        fCnt: Math.max(fCnt, state.fCnt),
        time: Math.max(uplink.time, state.time),
      };
    states.set(uplink.deviceId, state);
    return { ...uplink, session: nameOf(address, state.restarts) };
  };

  return {
    name(uplink) {
      const { session, fCnt, deviceId } = uplink;
      if (session === null || fCnt === null) return Promise.resolve(uplink);
      const before = queues.get(deviceId) ?? Promise.resolve();
      const mine = before.then(
        () => next(uplink, session, fCnt),
        () => next(uplink, session, fCnt),
      );
      queues.set(deviceId, mine);
      void mine
        .finally(() => queues.get(deviceId) === mine && queues.delete(deviceId))
        .catch(() => undefined);
      return mine;
    },
  };
}

function nameOf(address: string, restarts: number): string {
  return restarts === 0 ? address : `${address}.${restarts}`;
}
