/**
 * The scripted year, said chapter by chapter: `npx tsx scripts/chaos/year.ts`; with `COUCHDB_URL` on a
 * real CouchDB. Ends with an error when a reading is missing on the hub, or there twice.
 */
import { scriptedYear } from "#scripts/year/scripted-year.ts";

await scriptedYear({
  couchdbUrl: process.env.COUCHDB_URL,
  perDay: 1,
  devices: 4,
  chance: Math.random,
  say: (line) => console.log(line),
}).then(({ readings, gateways }) =>
  console.log(`${readings} readings of ${gateways} gateways, each once`),
);
