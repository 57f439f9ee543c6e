/** The short form of `scripts/chaos/year.ts`: the same year with three meters that report once a day. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { chance, seedOf } from "#shared/testing/meters/chance.ts";
import { scriptedYear } from "#scripts/year/scripted-year.ts";

export const timeoutMs = 240_000;

const seed = Date.now() >>> 0;
const test = suite(`a year, seed ${seed}`);

const year = async (couchdbUrl?: string) => {
  let drawn = 0;
  const chapters: string[] = [];
  try {
    const { readings } = await scriptedYear({
      couchdbUrl,
      perDay: 1,
      devices: 3,
      chance: () => chance(seed, seedOf("year"), drawn++),
      say: (line) => chapters.push(line),
    });
    assert.ok(readings > 200, `${readings} readings`);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${chapters.join("\n")}`, { cause: error });
  }
};

test("a year with outages, a restored hub, an old disk image, a swap and a theft ends with every reading once", () =>
  year());

const url = process.env.COUCHDB_URL;
if (url) test("so does the same year on CouchDB", () => year(url));
else
  process.on("exit", () => console.log("NOT TRIED: the year on CouchDB (COUCHDB_URL is not set)"));

test.run();
