/**
 * `tell-history`: publishes a building's history in the order of time, many uplinks under way at
 * once, and keeps the place up to which everything is acknowledged.
 */
import { chirpstackEvent, topicOf } from "./chirpstack-event.ts";
import type { AcknowledgedList } from "./acknowledged.ts";
import type { History, HistoryUplink } from "./history.ts";
import type { KeptState } from "./kept-state.ts";
import type { Publisher } from "./publisher.ts";

export interface TellHistoryOptions {
  readonly history: History;
  readonly antennas: readonly string[];
  readonly publisher: Publisher;
  readonly list: AcknowledgedList;
  readonly state: KeptState;
  readonly mostUnderWay: number;
  /** Places done. */
  readonly onProgress: (done: number) => void;
  readonly signal: AbortSignal;
}

/** How many places lie between two notes of the place reached. */
const NOTE_EACH = 500;

/** Resolves when all of it is acknowledged, or at the signal. */
export async function tellHistory(options: TellHistoryOptions): Promise<void> {
  const { history, state, signal, onProgress } = options;
  let next = await state.historyPlace();
  /** All places before it are done. */
  let reached = next;
  let noted = reached;
  const beyond = new Set<number>();
  let noting = Promise.resolve();
  onProgress(reached);

  /** One note after the other: they share a file. */
  const note = (): Promise<void> => (noting = noting.then(() => state.keepHistoryPlace(reached)));
  const done = async (place: number): Promise<void> => {
    beyond.add(place);
    while (beyond.delete(reached)) reached += 1;
    onProgress(reached);
    if (reached - noted < NOTE_EACH) return;
    noted = reached;
    await note();
  };
  const worker = async (): Promise<void> => {
    while (!signal.aborted && next < history.places) {
      const place = next++;
      const uplink = history.at(place);
      if (!uplink || (await tell(options, uplink))) await done(place);
    }
  };
  await Promise.all(Array.from({ length: options.mostUnderWay }, worker));
  await note();
}

async function tell(
  { publisher, antennas, list }: TellHistoryOptions,
  uplink: HistoryUplink,
): Promise<boolean> {
  const { device, fCnt, payload, timeMs } = uplink;
  const body = chirpstackEvent(device, uplink, antennas);
  if (!(await publisher.publish(topicOf(device), body))) return false;
  list.add({
    deviceId: device.devEui,
    devAddr: device.devAddr,
    fCnt,
    payloadHex: Buffer.from(payload).toString("hex"),
    at: new Date(timeMs).toISOString(),
    way: "history",
  });
  return true;
}
