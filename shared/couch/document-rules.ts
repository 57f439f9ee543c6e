/**
 * `document-rules`: which names and documents every engine takes, checked before any of them is asked,
 * so that all of them refuse alike and one bad document does not spoil its neighbours.
 */
import { Fault } from "#shared/model/fault.ts";
import type { Doc } from "./database.ts";

const NAME = /^[a-z][a-z0-9_-]{0,127}$/;

/** A database's name is its folder and a part of a URL. @throws Fault "invalid" */
export function checkDatabaseName(name: string): void {
  if (!NAME.test(name))
    throw new Fault(
      "invalid",
      "a database name is 1 to 128 lower-case letters, digits, _ and -, beginning with a letter",
    );
}

/** Why an id cannot be, or undefined. Ids beginning with an underscore belong to the engine. */
export function refusedId(id: unknown): string | undefined {
  if (typeof id !== "string" || id === "") return "a document needs an _id";
  if (id.startsWith("_")) return "an _id must not begin with an underscore";
  if (id.length > 512) return "an _id has at most 512 characters";
  if (/[\0\p{Surrogate}]/u.test(id))
    return "an _id must be well-formed text without zero characters";
  return undefined;
}

/** Why a document cannot be stored, or undefined. */
export function refusedDoc(doc: Doc): string | undefined {
  for (const field in doc)
    if (field.startsWith("_") && field !== "_id" && field !== "_rev")
      return `the field ${field} is reserved`;
  return refusedId(doc._id);
}

/** @throws Fault "invalid" */
export function checkId(id: string): void {
  const reason = refusedId(id);
  if (reason) throw new Fault("invalid", reason);
}

/** Design documents are the engine's: a list or a feed of documents does not show them. */
export function isEngineId(id: string): boolean {
  return id.startsWith("_");
}

export const ENGINE_IDS = { from: "_", to: "_\uffff" } as const;
