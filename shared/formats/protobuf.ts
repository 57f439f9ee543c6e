/**
 * `protobuf`: the wire form of protocol buffers, as much of it as is needed to read foreign messages.
 *
 * Strict: a field cut short, a varint beyond 64 bits, field number 0 and the group wire types are
 * refused. Knows no schema and copies nothing.
 *
 * @see Protocol Buffers documentation, "Encoding"
 */
import { Fault } from "#shared/model/fault.ts";

/** One field: a varint or the bits of a fixed number as a bigint, or the bytes of text, bytes or a message. */
export type ProtobufField = { readonly number: number } & (
  | { readonly wire: "varint" | "fixed32" | "fixed64"; readonly bits: bigint }
  | { readonly wire: "bytes"; readonly bytes: Uint8Array }
);

const cut = () => new Fault("invalid", "The protobuf message is cut short.");

/** The varint at `at`, and where it ends. */
function varint(bytes: Uint8Array, at: number): { bits: bigint; end: number } {
  let low = 0;
  // 28 bits fit a number: most varints are that short.
  for (let i = 0; i < 4; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw cut();
    low |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) return { bits: BigInt(low), end: at + i + 1 };
  }
  let bits = BigInt(low);
  for (let i = 4; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw cut();
    bits |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return { bits: BigInt.asUintN(64, bits), end: at + i + 1 };
  }
  throw new Fault("invalid", "A protobuf varint is longer than 64 bits.");
}

/**
 * The fields of a message, in the order they stand there.
 *
 * @throws Fault "invalid", also half-way through
 */
export function* protobufFields(bytes: Uint8Array): Generator<ProtobufField> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length;) {
    const tag = varint(bytes, at);
    at = tag.end;
    if (tag.bits > 0xffff_ffffn) throw new Fault("invalid", "A protobuf tag is out of range.");
    const number = Number(tag.bits >> 3n);
    if (number === 0) throw new Fault("invalid", "A protobuf field has number 0.");
    switch (Number(tag.bits & 7n)) {
      case 0: {
        const { bits, end } = varint(bytes, at);
        at = end;
        yield { number, wire: "varint", bits };
        break;
      }
      case 1:
        if (at + 8 > bytes.length) throw cut();
        yield { number, wire: "fixed64", bits: view.getBigUint64(at, true) };
        at += 8;
        break;
      case 2: {
        const length = varint(bytes, at);
        at = length.end;
        if (length.bits > BigInt(bytes.length - at)) throw cut();
        const end = at + Number(length.bits);
        yield { number, wire: "bytes", bytes: bytes.subarray(at, end) };
        at = end;
        break;
      }
      case 5:
        if (at + 4 > bytes.length) throw cut();
        yield { number, wire: "fixed32", bits: BigInt(view.getUint32(at, true)) };
        at += 4;
        break;
      default:
        throw new Fault("invalid", "A protobuf field is of a kind that is no longer used.");
    }
  }
}

/** @throws Fault "invalid" when the bytes are no UTF-8 */
export function protobufText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Fault("invalid", "A protobuf text is no UTF-8.", {}, error);
  }
}
