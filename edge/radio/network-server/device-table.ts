/**
 * `device-table`: the sessions in memory, found by DevEUI and by DevAddr, and one queue per device.
 *
 * All that changes a device's record runs in its queue, one after the other, so that two copies
 * of a frame never both look new.
 */
import type { AdrControl } from "./adr.ts";
import { sessionId, type Session, type SessionRecord } from "./session.ts";
import { Transmissions } from "./transmission.ts";

/** A device with the state that only lives in memory. */
export interface Device {
  readonly devEui: string;
  record: SessionRecord | undefined;
  /** The next downlink counter of the session named; after a start it is the reserved border. */
  fCntDown: { session: string; next: number } | undefined;
  readonly transmissions: Transmissions;
  /** Of the session the device was last heard in. */
  adr: AdrControl | undefined;
  /** How often the newest frame was sent again. */
  retransmissions: number;
  /** Runs `work` when all that was queued before it is done. */
  queue<T>(work: () => Promise<T> | T): Promise<T>;
}

/** A session that a frame may belong to. */
export interface Candidate {
  readonly device: Device;
  readonly slot: "active" | "pending";
  readonly session: Session;
}

export class DeviceTable {
  readonly #byEui = new Map<string, Device>();
  readonly #byAddr = new Map<string, Set<Device>>();

  /** The device, made when it is new. */
  device(devEui: string): Device {
    const known = this.#byEui.get(devEui);
    if (known) return known;
    let tail: Promise<unknown> = Promise.resolve();
    const device: Device = {
      devEui,
      record: undefined,
      fCntDown: undefined,
      transmissions: new Transmissions(),
      retransmissions: 0,
      adr: undefined,
      queue(work) {
        const done = tail.then(work);
        tail = done.catch(() => undefined);
        return done;
      },
    };
    this.#byEui.set(devEui, device);
    return device;
  }

  find(devEui: string): Device | undefined {
    return this.#byEui.get(devEui);
  }

  all(): Iterable<Device> {
    return this.#byEui.values();
  }

  /** Puts a record in place of the device's former one. */
  set(device: Device, record: SessionRecord): void {
    const before = addresses(device.record);
    const after = addresses(record);
    device.record = record;
    for (const devAddr of before) {
      if (after.has(devAddr)) continue;
      const sharers = this.#byAddr.get(devAddr);
      sharers?.delete(device);
      if (sharers?.size === 0) this.#byAddr.delete(devAddr);
    }
    for (const devAddr of after) {
      const sharers = this.#byAddr.get(devAddr) ?? new Set();
      this.#byAddr.set(devAddr, sharers.add(device));
    }
  }

  isTaken(devAddr: string): boolean {
    return this.#byAddr.has(devAddr);
  }

  /** All sessions with that address; the network's own choice keeps them few. */
  candidates(devAddr: string): Candidate[] {
    return [...(this.#byAddr.get(devAddr) ?? [])].flatMap((device) =>
      candidatesOf(device, devAddr),
    );
  }
}

/** The device's sessions with that address, the one it was last heard in first. */
export function candidatesOf(device: Device, devAddr: string): Candidate[] {
  const found: Candidate[] = [];
  for (const slot of ["active", "pending"] as const) {
    const session = device.record?.[slot];
    if (session?.devAddr === devAddr) found.push({ device, slot, session });
  }
  return found;
}

/** The session of that name, if the device still has it. */
export function sessionNamed(
  device: Device,
  name: string,
): { slot: "active" | "pending"; session: Session } | undefined {
  for (const slot of ["active", "pending"] as const) {
    const session = device.record?.[slot];
    if (session && sessionId(session) === name) return { slot, session };
  }
  return undefined;
}

function addresses(record: SessionRecord | undefined): Set<string> {
  const found = new Set<string>();
  if (record?.active) found.add(record.active.devAddr);
  if (record?.pending) found.add(record.pending.devAddr);
  return found;
}
