/**
 * `named-schemas`: what is said over HTTP under the names it has in `shared/api`: the API document says
 * a thing once and refers to it. A schema gets its name by being exported there.
 */
import { z } from "zod";
import * as admin from "#shared/api/admin.ts";
import * as assistance from "#shared/api/assistance.ts";
import * as audit from "#shared/api/audit.ts";
import * as communities from "#shared/api/communities.ts";
import * as conservation from "#shared/api/conservation.ts";
import * as dashboards from "#shared/api/dashboards.ts";
import * as decoders from "#shared/api/decoders.ts";
import * as devices from "#shared/api/devices.ts";
import * as gateways from "#shared/api/gateway-admin.ts";
import * as groups from "#shared/api/groups.ts";
import * as household from "#shared/api/household.ts";
import * as labels from "#shared/api/labels.ts";
import * as mappings from "#shared/api/mappings.ts";
import * as organization from "#shared/api/organization.ts";
import * as people from "#shared/api/people.ts";
import * as privacy from "#shared/api/privacy.ts";
import * as profile from "#shared/api/profile.ts";
import * as reports from "#shared/api/reports.ts";
import * as resident from "#shared/api/resident.ts";
import * as roles from "#shared/api/roles.ts";
import * as unitShapes from "#shared/api/units.ts";
import * as unregistered from "#shared/api/unregistered.ts";
import * as uploads from "#shared/api/uploads.ts";
import * as virtualMeters from "#shared/api/virtual-meters.ts";
import * as waysIn from "#shared/api/ways-in.ts";
import { FieldMapping } from "#shared/model/field-mapping.ts";
import { JsonMapping } from "#shared/model/json-mapping.ts";
import { meterKindIds } from "#shared/model/meter-kinds.ts";
import { registerIds, units } from "#shared/model/registers.ts";
import { DecoderExample } from "#shared/model/site.ts";
import { meaningOfField } from "./field-meanings.ts";

type Json = Record<string, unknown>;

const modules: Readonly<Record<string, object>> = {
  admin,
  assistance,
  audit,
  communities,
  conservation,
  dashboards,
  decoders,
  devices,
  gateways,
  groups,
  household,
  labels,
  mappings,
  organization,
  people,
  privacy,
  profile,
  reports,
  resident,
  roles,
  units: unitShapes,
  unregistered,
  uploads,
  virtualMeters,
  waysIn,
  // Kept as they are said.
  kept: { DecoderExample, FieldMapping, JsonMapping },
};

/** What tells all of another and more: the document refers to the other instead of saying it again. */
const BASES: Readonly<Record<string, z.ZodType>> = {
  CommunityDetails: communities.CommunityRow,
  DeviceAlone: admin.DeviceRow,
  PersonDetails: people.PersonRow,
  UnitDetails: unitShapes.UnitRow,
};

/** Lists of words that many fields take one of: told by their words, as each field has a schema of its own. */
const wordLists: Readonly<Record<string, readonly string[]>> = {
  MeterKind: meterKindIds,
  Register: registerIds,
  RegisterUnit: units,
};
const nameOfWords = new Map(
  Object.entries(wordLists).map(([name, words]) => [JSON.stringify(words), name]),
);

/** Objects, and cards: a name for each kind of text would only have to be looked up. */
const nameOf = new Map<z.ZodType, string>();
for (const exported of Object.values(modules))
  for (const [name, schema] of Object.entries(exported))
    if (hasName(schema) && !nameOf.has(schema)) nameOf.set(schema, name);

function hasName(schema: unknown): schema is z.ZodType {
  return schema instanceof z.ZodObject || schema instanceof z.ZodDiscriminatedUnion;
}

/**
 * Collects, while schemas are written down, those that have a name.
 *
 * @returns `write`: a schema as JSON Schema that refers to `#/components/schemas/…`; `all`: what was referred to
 */
export function schemaBook(): {
  write(schema: z.ZodType, io: "input" | "output"): Json;
  all(): Record<string, Json>;
} {
  const book = new Map<string, string>();
  const titles = { input: new Map<z.ZodType, string>(), output: new Map<z.ZodType, string>() };
  type Io = keyof typeof titles;
  /** Its own form, with references in the place of what has a name within it. */
  const formOf = (schema: z.ZodType, io: Io): Json => {
    const { $schema: _, ...json } = z.toJSONSchema(schema, {
      io,
      unrepresentable: "any",
      override: ({ zodSchema, jsonSchema }) => {
        const inner = zodSchema as unknown as z.ZodType;
        shorten(jsonSchema, io);
        const list = nameOfWords.get(JSON.stringify(jsonSchema.enum));
        if (list !== undefined) {
          // What is the field's own stays beside it: its default, its words.
          delete jsonSchema.type;
          delete jsonSchema.enum;
          Object.assign(jsonSchema, referToList(list));
          return;
        }
        if (inner === schema || !nameOf.has(inner)) return;
        const reference = refer(inner, io);
        for (const key of Object.keys(jsonSchema)) delete jsonSchema[key as never];
        Object.assign(jsonSchema, reference);
      },
    }) as Json;
    const name = nameOf.get(schema);
    const base = name === undefined ? undefined : BASES[name];
    const form = base === undefined ? json : besides(json, formOf(base, io), refer(base, io));
    describe(name, form);
    return form;
  };
  /** Under its name; where it is asked for and answered in different forms, what is asked for ends in `Input`. */
  const refer = (schema: z.ZodType, io: Io): Json => {
    let title = titles[io].get(schema);
    if (title === undefined) {
      const name = nameOf.get(schema) as string;
      const text = JSON.stringify(formOf(schema, io));
      title = [name, `${name}Input`].find((one) => (book.get(one) ?? text) === text);
      if (title === undefined) throw new Error(`two different schemas are called ${name}`);
      book.set(title, text);
      titles[io].set(schema, title);
    }
    return { $ref: `#/components/schemas/${title}` };
  };
  const referToList = (name: string): Json => {
    book.set(name, JSON.stringify({ type: "string", enum: wordLists[name] }));
    return { $ref: `#/components/schemas/${name}` };
  };
  return {
    write: (schema, io) => (nameOf.has(schema) ? refer(schema, io) : formOf(schema, io)),
    all: () =>
      Object.fromEntries(
        [...book]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, text]) => [name, JSON.parse(text) as Json]),
      ),
  };
}

/** Leaves out what says nothing more: how a format is written, the borders of all whole numbers. */
export function shorten(schema: Json, io: "input" | "output"): void {
  if (typeof schema.format === "string") delete schema.pattern;
  for (const border of ["minimum", "maximum"])
    if (Math.abs(Number(schema[border])) === Number.MAX_SAFE_INTEGER) delete schema[border];
  // An answer may get fields; who reads it passes over those they do not know.
  if (io === "output" && schema.additionalProperties === false) delete schema.additionalProperties;
}

/**
 * What an object tells besides another one, and where that stands.
 * @throws Error when it does not tell all of the other in the same way
 */
function besides(all: Json, base: Json, reference: Json): Json {
  const [own, others] = [all, base].map(({ properties }) => properties as Record<string, Json>);
  const left = { ...own };
  for (const [field, schema] of Object.entries(others ?? {})) {
    const { description: _, ...bare } = schema;
    if (JSON.stringify({ ...left[field], description: undefined }) !== JSON.stringify(bare))
      throw new Error(`${field} is not told in the same way`);
    delete left[field];
  }
  const required = (all.required as string[]).filter((field) => field in left);
  return { allOf: [reference, { type: "object", properties: left, required }] };
}

/** Gives the fields of an object that everybody meets their meaning, where its schema says none. */
function describe(name: string | undefined, { properties, allOf = [] }: Json): void {
  for (const part of allOf as Json[]) describe(name, part);
  for (const [field, schema] of Object.entries((properties ?? {}) as Record<string, Json>)) {
    const meaning = name === undefined ? undefined : meaningOfField(name, field);
    if (meaning !== undefined) schema.description ??= meaning;
  }
}
