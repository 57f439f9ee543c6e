import { suite } from "uvu";
import { scriptedYear } from "./scripted-year.ts";

const test = suite("a scripted year");

/** The same year each time, as far as the machine lets it be. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const couchdbUrl = process.env.COUCHDB_URL;
const engines: [string, string | undefined][] = [["the embedded hub", undefined]];
if (couchdbUrl) engines.push(["CouchDB", couchdbUrl]);
else process.on("exit", () => console.log("NOT TRIED: a year on CouchDB (COUCHDB_URL is not set)"));

for (const [label, url] of engines)
  test(`on ${label} it ends with every reading exactly once on the hub`, async () => {
    await scriptedYear({ couchdbUrl: url, perDay: 1, devices: 4, chance: seeded(7) });
  });

test.run();
