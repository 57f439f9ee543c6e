import { readdir, readFile } from "node:fs/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { WriterId } from "#shared/model/ids.ts";
import { eventId, parseEventId } from "./event.ts";
import { gatewayEventTypes, parseEvent } from "./list.ts";

const test = suite("events");
const GATEWAY = "gw-0123456789abcdef" as WriterId;

test("every type of event that has a file stands in the list", async () => {
  const files = (await readdir(new URL(".", import.meta.url))).filter(
    (name) => !name.endsWith(".test.ts") && !["list.ts", "event.ts"].includes(name),
  );
  const list = await readFile(new URL("list.ts", import.meta.url), "utf8");
  for (const file of files) {
    const declared = (await import(`./${file}`)) as Record<string, unknown>;
    const docs = Object.keys(declared).filter((name) => name.endsWith("Doc"));
    assert.ok(docs.length > 0, `${file} declares no document`);
    const union = list.slice(list.indexOf("discriminatedUnion"));
    for (const doc of docs) assert.match(union, new RegExp(`\\b${doc}\\b`), file);
  }
});

test("an id says writer, type and name, and nothing else is an id", () => {
  const id = eventId(GATEWAY, "request", "q-1:2.3_x");
  assert.equal(parseEventId(id), { writer: GATEWAY, type: "request", name: "q-1:2.3_x" });
  for (const wrong of [
    "e:gw-1:request:x",
    `e:${GATEWAY}:request:`,
    `e:${GATEWAY}:Request:x`,
    "s:x",
  ])
    assert.is(parseEventId(wrong), undefined, wrong);
  assert.throws(() => eventId(GATEWAY, "request", "a name"));
});

test("what a gateway must not say for the hub is not among its types", () => {
  assert.not(gatewayEventTypes.includes("answer"));
  assert.ok(gatewayEventTypes.includes("request"));
});

test("an event of an unknown type or a wrong shape is none", () => {
  const good = {
    _id: eventId(GATEWAY, "site-sign-in", "1"),
    type: "site-sign-in",
    v: 1,
    writer: GATEWAY,
    at: "2026-11-26T08:00:00.000Z",
    by: "unknown",
    way: "access-code",
    result: "refused",
    count: 3,
  };
  assert.is(parseEvent(good)?.type, "site-sign-in");
  for (const wrong of [
    null,
    1,
    {},
    { ...good, type: "x" },
    { ...good, count: 0 },
    { ...good, v: 2 },
  ])
    assert.is(parseEvent(wrong), undefined);
});

test.run();
