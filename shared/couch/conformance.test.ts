import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { type Candidate, conformance } from "./conformance.ts";
import { openHttpDatabases } from "./http.ts";
import { openLevelDatabases } from "./leveldb.ts";

const namer = (prefix: string) => {
  let made = 0;
  return () => `${prefix}-${(made += 1)}`;
};

conformance("memory", async () => {
  const databases = openMemoryDatabases();
  return { databases, newName: namer("memory"), end: () => databases.close() };
});

async function levelCandidate(maxOpen: number): Promise<Candidate> {
  const folder = await mkdtemp(join(tmpdir(), "riser-conformance-"));
  const databases = await openLevelDatabases({ folder, maxOpen });
  return {
    databases,
    newName: namer("level"),
    async reopen() {
      await databases.close();
      return openLevelDatabases({ folder, maxOpen });
    },
    async end() {
      await databases.close();
      await rm(folder, { recursive: true });
    },
  };
}
conformance("synced LevelDB", () => levelCandidate(8));
conformance("synced LevelDB that keeps no handle open", () => levelCandidate(0));

const url = process.env.COUCHDB_URL;
if (url)
  conformance("CouchDB", async () => {
    const databases = openHttpDatabases({ url });
    const run = `conformance-${process.pid}-${Date.now()}`;
    return {
      databases,
      newName: namer(run),
      reopen: async () => openHttpDatabases({ url }),
      async end() {
        const names = await databases.names();
        for (const name of names) if (name.startsWith(`${run}-`)) await databases.destroy(name);
        await databases.close();
      },
    };
  });
else process.on("exit", () => console.log("NOT TRIED: CouchDB (COUCHDB_URL is not set)"));
