import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { JsonMapping } from "#shared/model/json-mapping.ts";
import { siteMappings } from "./site-mappings.ts";
import type { Site } from "#shared/access/site.ts";
import type { Holder } from "./sites.ts";

const test = suite("site mappings");
const mapping = (name: string) =>
  JsonMapping.parse({
    name,
    topic: "plant/+",
    device: { pointer: "/id" },
    time: null,
    values: [{ pointer: "/m3", register: "8-0:1.0.0" }],
  });
const site = (tenant: string, ...names: readonly string[]) =>
  ({ tenant, mappings: names.map(mapping) }) as unknown as Site;

/** Two communities; `held` says whose each device is. */
function mapped(held: Readonly<Record<string, string>>) {
  const all = [site("first", "a"), site("second", "b")];
  const holder = (deviceId: string): Holder | undefined => {
    const found = all.find(({ tenant }) => tenant === held[deviceId]);
    return found === undefined ? undefined : ({ site: found } as Holder);
  };
  return siteMappings({ all: () => all, holder }, { now: () => 1_700_000_000_000 });
}
const message = { topic: "plant/x", body: { id: "pump", m3: 5 } };

test("of two communities' mappings the one that holds the device counts", () => {
  assert.is(mapped({ "x-b-pump": "second" })(message)?.via, "json-b");
  assert.is(mapped({ "x-a-pump": "first", "x-b-pump": "second" })(message)?.via, "json-a");
  assert.is(mapped({ "x-a-pump": "second" })(message)?.via, "json-a", "nobody's: the first");
});

test("what no mapping is for stays unknown, and what it cannot read is refused", () => {
  const read = mapped({});
  assert.is(read({ topic: "other/x", body: message.body }), undefined);
  assert.is(read({ topic: "plant/x", body: { id: "pump" } }), undefined);
  assert.throws(
    () => read({ topic: "plant/x", body: { m3: 5 } }),
    (error: unknown) => isFault(error, "invalid"),
  );
});

test.run();
