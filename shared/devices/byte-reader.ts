/**
 * `byte-reader`: reads a payload from front to back and never past its end.
 *
 * Whoever reads says what for, so that a refusal names the place. Must never return a value made
 * of bytes that are not there.
 */
import { Fault } from "#shared/model/fault.ts";

export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Another reader of the same bytes, at the same place. */
  fork(): ByteReader {
    const copy = new ByteReader(this.#bytes);
    copy.#position = this.#position;
    return copy;
  }

  /** Index of the next byte, from 0. */
  get position(): number {
    return this.#position;
  }
  /** Bytes not read yet. */
  get left(): number {
    return this.#bytes.length - this.#position;
  }

  #take(size: number): number {
    if (size > this.left) this.fail(`ends where ${size} more bytes are due, ${this.left} are left`);
    const at = this.#position;
    this.#position += size;
    return at;
  }

  /** The next byte without reading it; undefined at the end. */
  peek(): number | undefined {
    return this.#bytes[this.#position];
  }
  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }
  i8(): number {
    return this.#view.getInt8(this.#take(1));
  }
  u16le(): number {
    return this.#view.getUint16(this.#take(2), true);
  }
  i16le(): number {
    return this.#view.getInt16(this.#take(2), true);
  }
  u16be(): number {
    return this.#view.getUint16(this.#take(2));
  }
  i16be(): number {
    return this.#view.getInt16(this.#take(2));
  }
  u24be(): number {
    const at = this.#take(3);
    return this.#view.getUint16(at) * 0x100 + this.#view.getUint8(at + 2);
  }
  u24le(): number {
    const at = this.#take(3);
    return this.#view.getUint16(at, true) + this.#view.getUint8(at + 2) * 0x10000;
  }
  u32le(): number {
    return this.#view.getUint32(this.#take(4), true);
  }
  i32le(): number {
    return this.#view.getInt32(this.#take(4), true);
  }
  u32be(): number {
    return this.#view.getUint32(this.#take(4));
  }
  i32be(): number {
    return this.#view.getInt32(this.#take(4));
  }
  /** Half precision, IEEE 754 binary16. */
  f16le(): number {
    const bits = this.u16le();
    const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 0x1f, bits & 0x3ff];
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
    return exponent === 0
      ? sign * fraction * 2 ** -24
      : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  /** The upper half of a single-precision float, bfloat16. */
  bf16le(): number {
    const view = new DataView(new ArrayBuffer(4));
    view.setUint16(0, this.u16le());
    return view.getFloat32(0);
  }
  f32be(): number {
    return this.#view.getFloat32(this.#take(4));
  }
  f32le(): number {
    return this.#view.getFloat32(this.#take(4), true);
  }
  /** A copy of the next `size` bytes, in memory of its own: a Node Buffer's `slice` would share it. */
  bytes(size: number): Uint8Array {
    const at = this.#take(size);
    return Uint8Array.from(this.#bytes.subarray(at, at + size));
  }
  skip(size: number): void {
    this.#take(size);
  }
  /** ASCII text of `size` bytes; anything that cannot be printed is refused. */
  ascii(size: number): string {
    const text = String.fromCharCode(...this.bytes(size));
    if (!/^[\x20-\x7e]*$/.test(text)) this.fail(`has ${size} bytes that are no text`);
    return text;
  }
  /** Refuses bytes that nobody read. */
  end(): void {
    if (this.left > 0) this.fail(`has ${this.left} bytes more than this message may have`);
  }
  /** @throws Fault "invalid", always: the payload, at the place read last. */
  fail(what: string): never {
    throw new Fault("invalid", `The payload ${what} (byte ${this.#position}).`, {
      position: this.#position,
    });
  }
}
