/**
 * `channels`: payloads made of channels, each announced by a channel number and a type byte
 * (Milesight, Tektelic): two bytes say what follows, a table says how to read it.
 *
 * An unknown channel ends nothing quietly: its length is unknown, so whatever follows would be
 * guessed, and the payload is refused as a whole.
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import { isFault } from "#shared/model/fault.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import type { ByteReader } from "./byte-reader.ts";
import { ByteReader as Reader } from "./byte-reader.ts";
import { exact } from "./exact.ts";

/** What a payload said so far: the moment's values by register, and older readings. */
export interface Said {
  readonly now: Map<RegisterId, Value>;
  readonly history: DecodedReading[];
}
/** Reads one channel's bytes, after the two that announced it. */
export type Channel = (reader: ByteReader, said: Said) => void;
/**
 * `channel << 8 | type` → how to read it. Of several ways the first is taken with which the payload can
 * be read to its end: models of one maker answer the same setting at different lengths.
 */
export type ChannelTable = Readonly<Record<number, Channel | readonly Channel[]>>;

const numbers = {
  u8: (reader: ByteReader) => reader.u8(),
  i8: (reader: ByteReader) => reader.i8(),
  u16le: (reader: ByteReader) => reader.u16le(),
  i16le: (reader: ByteReader) => reader.i16le(),
  u16be: (reader: ByteReader) => reader.u16be(),
  i16be: (reader: ByteReader) => reader.i16be(),
  u24be: (reader: ByteReader) => reader.u24be(),
  u24le: (reader: ByteReader) => reader.u24le(),
  u32le: (reader: ByteReader) => reader.u32le(),
  i32le: (reader: ByteReader) => reader.i32le(),
  u32be: (reader: ByteReader) => reader.u32be(),
  i32be: (reader: ByteReader) => reader.i32be(),
};
export type NumberForm = keyof typeof numbers;

/** A channel that holds one number; the values in `absent` mean "could not be measured" and are left out. */
export function number(
  form: NumberForm,
  register: RegisterId,
  scale: number,
  unit: Unit,
  absent: readonly number[] = [],
): Channel {
  return (reader, said) => {
    const n = numbers[form](reader);
    if (!absent.includes(n)) said.now.set(register, exact(register, n, scale, unit));
  };
}

/** A channel of several parts, one after the other. */
export function all(...parts: readonly Channel[]): Channel {
  return (reader, said) => {
    for (const part of parts) part(reader, said);
  };
}

/** A channel of `size` bytes that measures nothing (versions, settings). */
export function nothing(size: number): Channel {
  return (reader) => reader.skip(size);
}

/** A reading of an earlier time: seconds since 1970 (four bytes, lowest first), then its parts. */
export function earlier(...parts: readonly Channel[]): Channel {
  return (reader, said) => {
    const time = reader.u32le() * 1000;
    const then: Said = { now: new Map(), history: [] };
    for (const part of parts) part(reader, then);
    if (then.now.size > 0) said.history.push({ time, values: [...then.now.values()] });
  };
}

/** Ways tried at most: settings of unclear length are few in a payload, and each doubles the work. */
const MOST_WAYS = 200;

/** A decoder for payloads that are channels from the first byte to the last. */
export function channels(table: ChannelTable): Decoder["decode"] {
  return (payload) => {
    if (payload.length === 0) new Reader(payload).fail("is empty");
    let ways = MOST_WAYS;
    const said = read(new Reader(payload), { now: new Map(), history: [] });
    const now: DecodedReading[] = said.now.size > 0 ? [{ values: [...said.now.values()] }] : [];
    return [...now, ...said.history];

    function read(reader: ByteReader, said: Said): Said {
      while (reader.left > 0) {
        const id = reader.u16be();
        const channel = Object.hasOwn(table, id) ? table[id] : undefined;
        if (channel === undefined)
          return reader.fail(`has an unknown channel ${id.toString(16).padStart(4, "0")}`);
        if (typeof channel !== "function") return oneOf(channel, reader, said);
        channel(reader, said);
      }
      return said;
    }

    function oneOf(choices: readonly Channel[], reader: ByteReader, said: Said): Said {
      let refused: unknown;
      for (const choice of choices) {
        if (--ways < 0) return reader.fail("can be read in too many ways");
        const attempt: Said = { now: new Map(said.now), history: [...said.history] };
        const rest = reader.fork();
        try {
          choice(rest, attempt);
          return read(rest, attempt);
        } catch (error) {
          if (!isFault(error, "invalid")) throw error;
          refused ??= error;
        }
      }
      throw refused;
    }
  };
}
