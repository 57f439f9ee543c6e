/**
 * `kept-state`: where the simulator stood, so that it goes on there: the place in the history, and
 * for each device its counters, its session and the uplink that waits for its acknowledgement.
 *
 * A file each, replaced whole: a kill leaves the one before or the one after, never a half.
 *
 * History: 1 = first release.
 */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DeviceState } from "#shared/testing/radio/simulated-device.ts";

/** An uplink that was made and not yet acknowledged. */
export interface PendingUplink {
  readonly devAddr: string;
  readonly fCnt: number;
  readonly fPort: number;
  readonly payloadHex: string;
  readonly timeMs: number;
  readonly isConfirmed: boolean;
}

/** What one device remembers. Holds keys of a simulated device. */
export interface LiveState {
  readonly v: 1;
  /** Its radio, once it tried to join; the frame that waits is in there. */
  readonly radio?: DeviceState;
  /** The next counter, for one that is heard through a network server. */
  readonly fCnt?: number;
  readonly pending?: PendingUplink;
}

export interface KeptState {
  /** All places of the history before it are acknowledged. */
  historyPlace(): Promise<number>;
  keepHistoryPlace(place: number): Promise<void>;
  device(devEui: string): Promise<LiveState | undefined>;
  keepDevice(devEui: string, state: LiveState): Promise<void>;
}

export async function openKeptState(folder: string): Promise<KeptState> {
  const devices = join(folder, "devices");
  await mkdir(devices, { recursive: true, mode: 0o700 });
  const position = join(folder, "position.json");
  const ofDevice = (devEui: string) => join(devices, `${devEui}.json`);
  return {
    async historyPlace() {
      return (await read<{ place: number }>(position))?.place ?? 0;
    },
    keepHistoryPlace: (place) => replace(position, { v: 1, place }),
    device: (devEui) => read<LiveState>(ofDevice(devEui)),
    keepDevice: (devEui, state) => replace(ofDevice(devEui), state),
  };
}

async function read<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function replace(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
