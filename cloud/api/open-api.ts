/**
 * `open-api`: the API document (OpenAPI 3.1), made from the routes themselves: what is checked is
 * what is written down.
 */
import { z } from "zod";
import { STATUS, TITLE } from "#shared/api/problem.ts";
import { keyScopeIds, rightsOfKey, type KeyScope } from "#shared/model/roles.ts";
import { shared } from "./shared-parameters.ts";
import { schemaBook, shorten } from "./named-schemas.ts";
import type { Answer, Area, Route } from "./route.ts";

type Json = Record<string, unknown>;

export function openApi(areas: readonly Area[]): Json {
  const book = schemaBook();
  const paths: Record<string, Json> = {};
  for (const area of areas)
    for (const one of area.routes) {
      const path = one.path.replaceAll(/:(\w+)/g, "{$1}");
      (paths[path] ??= {})[one.method] = operation(area, one, book);
    }
  const { parameters, paths: short } = shared(paths as Record<string, Record<string, Json>>);
  return {
    openapi: "3.1.0",
    info: {
      title: "Riser hub",
      version: "1",
      description:
        "Communities, homes, people, meters and gateways of an organization. Lists are paged with `limit` and `offset`; errors are problem+json (RFC 9457). Another tenant's thing is 404. Programs send an API key, which a person makes; `x-scopes` of a call says which of a key's scopes it needs, and without it the call is for people who sign in.",
    },
    servers: [{ url: "/api/v1" }],
    security: [{ apiKey: [] }, { bearer: [] }, { cookie: [] }],
    tags: areas.map(({ name, title }) => ({ name, description: title })),
    paths: short,
    components: {
      securitySchemes: {
        apiKey: { type: "apiKey", in: "header", name: "X-API-Key" },
        bearer: { type: "http", scheme: "bearer" },
        cookie: { type: "apiKey", in: "cookie", name: "riser_signin" },
      },
      schemas: { Problem: problem, ...book.all() },
      responses: refusals,
      parameters,
    },
  };
}

type Book = ReturnType<typeof schemaBook>;

function operation(area: Area, one: Route, book: Book): Json {
  const isOpen = one.right === "public";
  const scopes = scopesFor(one);
  return {
    operationId: operationId(one),
    tags: [area.name],
    summary: one.title,
    ...(isOpen ? { security: [] } : scopes.length === 0 ? { security: [{ cookie: [] }] } : {}),
    ...(isOpen || one.right === "signed-in" ? {} : { "x-right": one.right }),
    ...(scopes.length === 0 ? {} : { "x-scopes": scopes }),
    parameters: [
      ...names(one.path).map((name) => ({
        name,
        in: "path",
        required: true,
        ...meaningOf(name),
        schema: fieldOf(one.params, name) ?? { type: "string" },
      })),
      ...fieldsOf(one.query).map(({ name, schema, isRequired }) => ({
        name,
        in: "query",
        required: isRequired,
        ...meaningOf(name, schema),
        schema: asBoolean(schema),
      })),
      ...(one.method === "get" || isOpen || one.isSecret ? [] : [IDEMPOTENCY_KEY]),
    ],
    ...(one.body
      ? {
          requestBody: {
            // No body at all is taken for an empty one.
            required: !one.body.safeParse({}).success,
            content: { "application/json": { schema: book.write(one.body, "input") } },
          },
        }
      : {}),
    ...(one.upload
      ? {
          requestBody: {
            required: true,
            content: Object.fromEntries(
              one.upload.types.map((type) => [
                type,
                { schema: { type: "string", format: "binary" } },
              ]),
            ),
          },
        }
      : {}),
    responses: { ...success(one.answer, book), ...refusalsOf(one) },
  };
}

/** Scopes of a key for the whole organization that may call it. */
function scopesFor({ right }: Route): KeyScope[] {
  if (right === "public" || right === "signed-in") return [];
  return keyScopeIds.filter((scope) => rightsOfKey(scope, true).includes(right));
}

const IDEMPOTENCY_KEY: Json = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "The same change sent twice under the same key is done once, for a day.",
  schema: { type: "string", minLength: 1, maxLength: 200 },
};

/** What parameters mean that are called the same everywhere; a schema's own words stand before it. */
const MEANINGS: Readonly<Record<string, string>> = {
  limit: "How many rows at most.",
  offset: "How many rows are left out before the first.",
  q: "Words that are looked for as one types them; all have to be found.",
  community: "A community by its id or `tenant_name`.",
  group: "A group by its id.",
  sort: "By what the rows are sorted; with `-` before it the other way round.",
  dev_eui: "A DevEUI in any letter case, or another id of a device.",
  person: "A person's id.",
  resident: "A resident's id, which a person's membership tells as `resident_id`.",
  dry_run: "Everything is checked and told, and nothing is written.",
  make_communities: "Communities that the file names and nobody has are made.",
  file_name: "What the file is called in the list of uploads.",
};

function meaningOf(name: string, schema?: Json): { description?: string } {
  const description = schema?.description ?? MEANINGS[name];
  return typeof description === "string" ? { description } : {};
}

/** A yes or no of a query is checked as text. */
function asBoolean(schema: Json): Json {
  const {
    enum: values,
    default: usual,
    ...rest
  } = schema as { enum?: unknown[]; default?: unknown };
  if (JSON.stringify(values?.toSorted()) !== '["false","true"]') return schema;
  return {
    ...rest,
    type: "boolean",
    ...(usual === undefined ? {} : { default: usual === "true" }),
  };
}

/** `put /devices/:dev_eui/assign` becomes `putDevicesDevEuiAssign`. */
export function operationId({ method, path }: Pick<Route, "method" | "path">): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

const names = (path: string) => [...path.matchAll(/:(\w+)/g)].map((found) => found[1] as string);

function success(answer: Answer, book: Book): Json {
  if ("none" in answer) return { "204": { description: "Done." } };
  if ("file" in answer)
    return {
      "200": {
        description: "A file or stream.",
        content: Object.fromEntries(answer.file.map((type) => [type, {}])),
      },
    };
  const status = { const: "success" };
  if ("rows" in answer)
    return {
      "200": json("A page of the list.", {
        type: "object",
        required: ["status", "data", "total", "limit", "offset"],
        properties: {
          status,
          data: { type: "array", items: book.write(answer.rows, "output") },
          total: { type: "integer" },
          limit: { type: "integer" },
          offset: { type: "integer" },
        },
      }),
    };
  return {
    [String(answer.status ?? 200)]: json("Done.", {
      type: "object",
      required: ["status", "data"],
      properties: { status, data: book.write(answer.data, "output") },
    }),
  };
}

function refusalsOf(one: Route): Json {
  const codes: (keyof typeof STATUS)[] = ["too_many"];
  if (one.query || one.body || one.upload) codes.push("invalid");
  if (one.right !== "public") codes.push("unauthorized", "forbidden");
  // Not the path alone, a query or a body too may name what is not there.
  if (one.path.includes(":") || (one.right !== "public" && codes.includes("invalid")))
    codes.push("not_found");
  if (one.method !== "get") codes.push("conflict");
  if (one.body || one.upload) codes.push("too_large");
  return {
    ...Object.fromEntries(codes.map((code) => [String(STATUS[code]), referTo(code)])),
    default: referTo("other"),
  };
}

const referTo = (code: string): Json => ({ $ref: `#/components/responses/${code}` });

const refusal = (description: string): Json => ({
  description,
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
});

const json = (description: string, schema: Json): Json => ({
  description,
  content: { "application/json": { schema } },
});

const problem: Json = {
  type: "object",
  required: ["type", "title", "status", "code", "detail"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string", enum: [...Object.keys(STATUS), "internal"] },
    detail: { type: "string", description: "A sentence for people." },
    fields: { type: "object", additionalProperties: { type: "string" } },
  },
};

/** Each way to say no, once. */
const refusals: Json = {
  ...Object.fromEntries(Object.entries(TITLE).map(([code, title]) => [code, refusal(title)])),
  other: refusal("Not available at the moment, or an error here."),
};

/** Of parameters: nothing in them has a name. */
function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema }) => shorten(jsonSchema as Json, "input"),
  }) as Json;
  return rest;
}

function fieldsOf(schema: z.ZodType | undefined) {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, field]) => ({
    name,
    schema: field,
    isRequired: required.includes(name),
  }));
}

const fieldOf = (schema: z.ZodType | undefined, name: string) =>
  fieldsOf(schema).find((field) => field.name === name)?.schema;
