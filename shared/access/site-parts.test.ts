import { test } from "uvu";
import * as assert from "uvu/assert";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { siteExample } from "#shared/testing/site-example.ts";
import { readSite } from "./site.ts";
import { sitePartsOf } from "./site-parts.ts";

test("a site says itself what belongs to it, so one that lacks a device, or has one too many, is not whole", async () => {
  const databases = openMemoryDatabases();
  const database = await databases.open("site");
  const docs = await siteExample();
  await database.bulk(docs.filter(({ _id }) => _id !== "site"));
  const site = docs.find(({ _id }) => _id === "site");
  await database.put({ ...site, _id: "site", parts: sitePartsOf(await database.list()) });
  assert.is((await readSite(database))?.isWhole, true);

  const [device] = await database.list({ from: "device:", to: "device:\uffff", limit: 1 });
  await database.remove(device?._id as string, device?._rev as string);
  assert.is((await readSite(database))?.isWhole, false);
  const { _rev, ...content } = device as { _id: string; _rev?: string };
  await database.put(content);
  assert.is((await readSite(database))?.isWhole, false, "the same words in another revision");
  await databases.close();
});

test("a site of a hub that does not say so is taken as it is", async () => {
  const databases = openMemoryDatabases();
  const database = await databases.open("site");
  await database.bulk(await siteExample());
  assert.is((await readSite(database))?.isWhole, true);
  await databases.close();
});

test.run();
