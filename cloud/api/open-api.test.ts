import { readdirSync, readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { suite } from "uvu";
import { z } from "zod";
import { areas } from "#cloud/areas/list.ts";
import * as setup from "#shared/api/gateway-setup.ts";
import * as resident from "#shared/api/resident.ts";
import { describedObjects, fieldsDescribed } from "./field-meanings.ts";
import { openApi } from "./open-api.ts";

const test = suite("the API's names");

interface Shape {
  readonly properties?: Record<string, { description?: string }>;
  readonly allOf?: readonly Shape[];
}

/** Shapes that somebody else gave their names, or that are carried as they were written. */
const AS_THEY_ARE: Readonly<Record<string, string>> = {
  fPort: "TS013 calls it so, and decoders are written in its words",
  topicLevel: "a mapping is kept, and carried to gateways, as it was written",
};

/** Names of properties and query parameters anywhere in a document, each with where it stands. */
function* namesIn(node: unknown, at: string): Generator<[name: string, at: string]> {
  if (typeof node !== "object" || node === null) return;
  const { properties, ...rest } = node as Record<string, unknown>;
  if ("in" in node && node.in === "query" && "name" in node) yield [String(node.name), at];
  // A property may itself be called `properties`: then it is a schema and not a table of them.
  const isTable = typeof properties === "object" && properties !== null && !("type" in properties);
  if (isTable)
    for (const [name, schema] of Object.entries(properties)) {
      yield [name, at];
      yield* namesIn(schema, `${at}.${name}`);
    }
  for (const [key, value] of Object.entries(isTable ? rest : node))
    yield* namesIn(value, `${at}.${key}`);
}

const isWritten = (name: string) => /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name);
const wrongIn = (node: unknown) =>
  [...namesIn(node, "")].flatMap(([name, at]) =>
    isWritten(name) || name in AS_THEY_ARE ? [] : `${name} at ${at}`,
  );

test("all that is said over HTTP has names in snake_case", () => {
  assert.equal(wrongIn(openApi(areas)), []);
});

test("so has what a gateway says to its own pages", () => {
  const schemas = Object.entries({ ...setup, ...resident }).flatMap(([name, value]) =>
    value instanceof z.ZodType ? [[name, value] as const] : [],
  );
  assert.ok(schemas.length > 15);
  for (const [name, schema] of schemas)
    assert.equal(
      wrongIn(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })),
      [],
      name,
    );
});

/** What is said between machines, or on a gateway alone, and what is no shape. */
const NOT_IN_THE_DOCUMENT = [
  "complaint",
  "envelope",
  "gateway-setup",
  "gateway-talk",
  "own-host",
  "problem",
  "wire-names",
];

test("each file of shapes in shared/api gives its names to the document", () => {
  const folder = new URL("../../shared/api/", import.meta.url);
  const files = readdirSync(folder).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );
  const list = readFileSync(new URL("./named-schemas.ts", import.meta.url), "utf8");
  const missing = files
    .filter((name) => !list.includes(`"#shared/api/${name}"`))
    .map((name) => name.slice(0, -3));
  assert.equal(missing.sort(), NOT_IN_THE_DOCUMENT);
});

/** What a program has to load before its first call. */
const MOST_BYTES = 350_000;

test("the document says a thing once", () => {
  const { length } = JSON.stringify(openApi(areas));
  assert.ok(length < MOST_BYTES, `${length} bytes`);
});

test("every field of the main objects says what it is", () => {
  const { components } = openApi(areas) as { components: { schemas: Record<string, Shape> } };
  for (const name of describedObjects) {
    const { allOf = [], properties } = components.schemas[name] ?? {};
    const fields = [properties, ...allOf.map((one) => one.properties)].flatMap((one) =>
      Object.entries(one ?? {}),
    );
    assert.ok(fields.length > 0, name);
    assert.equal(
      fields.flatMap(([field, { description }]) => (description ? [] : [field])),
      [],
      name,
    );
  }
});

test("what is said of a field is said of one that there is", () => {
  const { components } = openApi(areas) as { components: { schemas: Record<string, Shape> } };
  for (const name of describedObjects) {
    const { allOf = [], properties } = components.schemas[name] ?? {};
    const there = Object.assign({}, properties, ...allOf.map((one) => one.properties));
    assert.equal(
      fieldsDescribed(name).filter((field) => !(field in there)),
      [],
      name,
    );
  }
});

test("a name in another spelling is found", () => {
  const schema = z.object({ within: z.object({ deviceId: z.string() }) });
  assert.is(wrongIn(z.toJSONSchema(schema)).length, 1);
});

test.run();
