/**
 * `list`: every format that is told apart by its shape, the more particular ones first.
 */
import { chirpstackV4 } from "./chirpstack-v4.ts";
import type { Format, Message } from "./format.ts";

export const formats: readonly Format[] = [chirpstackV4];

/** The format of a message, or undefined when none knows its shape. */
export function recognise(message: Message): Format | undefined {
  return formats.find((format) => format.recognises(message));
}
