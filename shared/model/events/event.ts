/**
 * `event`: what all documents of `t-{tenant}-events-{yyyymm}` have in common.
 *
 * An event is written once by one writer (a gateway, or the hub) and never edited: what changes is
 * told by a further event, and state is folded by its readers. Random ids stand in it, never a
 * person's name, address, e-mail or a key in clear.
 *
 * History: 1 = first release.
 */
import { z } from "zod";
import { WriterId } from "#shared/model/ids.ts";
import { At } from "#shared/model/site.ts";

/** Longest event, characters of JSON: a day of 10,000 meters counted is some 250,000. */
export const EVENT_CHARACTERS = 1_000_000;

const ID = /^e:((?:gw-[0-9a-f]{16})|(?:hub-[0-9a-f]{8,16})):([a-z][a-z-]{1,30}):([\w.:-]{1,200})$/;

/** What an event of a type says in any case; `at` is when it was written, by its writer's clock. */
export const eventShape = <T extends string>(type: T) => ({
  _id: z.string().regex(ID),
  type: z.literal(type),
  v: z.literal(1),
  writer: WriterId,
  at: At,
});

/** `e:{writer}:{type}:{name}`: the name is the event's own among those of its writer and type. */
export function eventId(writer: WriterId, type: string, name: string): string {
  const id = `e:${writer}:${type}:${name}`;
  if (!ID.test(id)) throw new Error(`an event cannot be called ${id}`);
  return id;
}

/** The parts of an event's id, or undefined when it is none. */
export function parseEventId(
  id: string,
): { writer: WriterId; type: string; name: string } | undefined {
  const found = ID.exec(id);
  if (!found) return undefined;
  return { writer: found[1] as WriterId, type: found[2] as string, name: found[3] as string };
}
