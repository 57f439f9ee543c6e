/** `antenna-roster`: antennas heard, and those that knock without being allowed. Bounded: whoever was silent longest goes first. */

/** An antenna that is allowed. */
export interface Antenna {
  /** 16 hex digits. */
  readonly eui: string;
  /** Where it last sent from. */
  readonly address: string;
  /** Epoch ms. */
  readonly lastHeardAt: number;
  /** Where its last PULL_DATA came from: downlinks go there. */
  readonly down?: { readonly address: string; readonly port: number; readonly at: number };
  /** Of the packet forwarder's protocol: 1 or 2. */
  readonly protocolVersion: number;
  /** Radio packets since the start, damaged ones included. */
  readonly packets: number;
  /** What it last told of itself, as it said it. */
  readonly stat?: Readonly<Record<string, unknown>>;
}

/** Someone who sends from an address that is not allowed. */
export interface Knocking {
  readonly address: string;
  /** The EUI it claims, when its datagram can be read. */
  readonly eui: string | null;
  readonly lastHeardAt: number;
  readonly datagrams: number;
}

const ANTENNAS_MAX = 256;
const KNOCKING_MAX = 64;

export class AntennaRoster {
  readonly #antennas = new Map<string, Antenna>();
  readonly #knocking = new Map<string, Knocking>();

  /** Notes what is new of an antenna. */
  heard(eui: string, facts: Omit<Antenna, "eui" | "packets"> & { packets?: number }): void {
    const { packets = 0, ...rest } = facts;
    const before = this.#antennas.get(eui);
    putLast(
      this.#antennas,
      eui,
      { ...before, eui, ...rest, packets: (before?.packets ?? 0) + packets },
      ANTENNAS_MAX,
    );
  }

  knocked(address: string, eui: string | null, lastHeardAt: number): void {
    const before = this.#knocking.get(address);
    const datagrams = (before?.datagrams ?? 0) + 1;
    putLast(
      this.#knocking,
      address,
      { address, eui: eui ?? before?.eui ?? null, lastHeardAt, datagrams },
      KNOCKING_MAX,
    );
  }

  antenna(eui: string): Antenna | undefined {
    return this.#antennas.get(eui);
  }

  /** Latest first. */
  antennas(): Antenna[] {
    return [...this.#antennas.values()].toReversed();
  }

  /** Latest first. */
  knocking(): Knocking[] {
    return [...this.#knocking.values()].toReversed();
  }

  /** Forgets those who are allowed now. */
  allowed(isAllowed: (address: string) => boolean): void {
    for (const address of this.#knocking.keys())
      if (isAllowed(address)) this.#knocking.delete(address);
  }
}

/** Keeps the map in the order last heard, and within its bounds. */
function putLast<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value!);
}
