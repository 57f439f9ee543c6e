/**
 * `batch`: a list of messages in one, as some servers publish them: each is read by its own format,
 * and one that cannot be read costs its neighbours nothing.
 */
import { Fault, isFault } from "#shared/model/fault.ts";
import {
  result,
  type Format,
  type FormatContext,
  type FormatResult,
  type Message,
} from "./format.ts";
import type { SourceMemory } from "./source-memory.ts";

/** Messages in one list at most. */
export const MOST_MESSAGES = 1_000;

type Recognise = (message: Message, memory?: SourceMemory) => Format | undefined;

/** @param recognise tells single messages apart */
export function batchOf(recognise: Recognise): Format {
  const parts = ({ topic, body }: Message): Message[] =>
    Array.isArray(body) ? body.map((one: unknown) => ({ topic, body: one })) : [];
  return {
    name: "batch",
    recognises(message, memory) {
      // The first one tells: a list of thousands is not gone through twice.
      const [first] = Array.isArray(message.body) ? (message.body as unknown[]) : [];
      const isList = first !== undefined && !Array.isArray(first);
      return isList && recognise({ topic: message.topic, body: first }, memory) !== undefined;
    },
    parse(message: Message, context: FormatContext): FormatResult {
      const all = parts(message);
      if (all.length > MOST_MESSAGES)
        throw new Fault("too_large", `More than ${MOST_MESSAGES} messages in one.`);
      const found: FormatResult[] = [];
      const wrong: string[] = [];
      for (const [place, part] of all.entries())
        try {
          const format = recognise(part, context.memory);
          if (format === undefined) wrong.push(`message ${place + 1} is of no known kind`);
          else found.push(format.parse(part, context));
        } catch (error) {
          if (!isFault(error)) throw error;
          wrong.push(error.message);
        }
      if (found.length === 0 && wrong[0] !== undefined) throw new Fault("invalid", wrong[0]);
      return result({
        uplinks: found.flatMap(({ uplinks }) => uplinks),
        joins: found.flatMap(({ joins }) => joins),
        frames: found.flatMap(({ frames }) => frames),
        measured: found.flatMap(({ measured }) => measured),
        orderAnswers: found.flatMap(({ orderAnswers }) => orderAnswers),
        antennaTimes: found.flatMap(({ antennaTimes }) => antennaTimes),
        asks: found.flatMap(({ asks }) => asks),
        skipped: [
          ...found.flatMap(({ skipped }) => skipped),
          ...wrong.map((why) => ({ name: "", why })),
        ],
        other: found.length === 1 ? (found[0]?.other ?? null) : null,
        about: found[0]?.about ?? null,
      });
    },
  };
}
