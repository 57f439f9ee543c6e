/**
 * `named-apart`: a part of a place's databases under a prefix, seen as a place of its own: two
 * users of one CouchDB do not meet in it.
 */
import type { Databases } from "./database.ts";

/** @param prefix for instance `w-hub-0123456789abcdef-`; names in the part are without it */
export function namedApart(databases: Databases, prefix: string): Databases {
  return {
    open: (name) => databases.open(prefix + name),
    openShelf: (name) => databases.openShelf(prefix + name),
    openExisting: (name) => databases.openExisting(prefix + name),
    async names() {
      const all = await databases.names();
      return all.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    },
    compact: (name) => databases.compact(prefix + name),
    destroy: (name) => databases.destroy(prefix + name),
    // Whoever opened the whole closes it.
    close: async () => {},
  };
}
