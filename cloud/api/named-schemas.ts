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
import * as units from "#shared/api/units.ts";
import * as unregistered from "#shared/api/unregistered.ts";
import * as uploads from "#shared/api/uploads.ts";
import * as virtualMeters from "#shared/api/virtual-meters.ts";
import * as waysIn from "#shared/api/ways-in.ts";

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
  units,
  unregistered,
  uploads,
  virtualMeters,
  waysIn,
};

/** Objects alone: a name for each kind of text would only have to be looked up. */
const nameOf = new Map<z.ZodType, string>();
for (const exported of Object.values(modules))
  for (const [name, schema] of Object.entries(exported))
    if (schema instanceof z.ZodObject && !nameOf.has(schema)) nameOf.set(schema, name);

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
        if (inner === schema || !nameOf.has(inner)) return;
        const reference = refer(inner, io);
        for (const key of Object.keys(jsonSchema)) delete jsonSchema[key as never];
        Object.assign(jsonSchema, reference);
      },
    }) as Json;
    return json;
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
