/**
 * `open-api`: the API document (OpenAPI 3.1), made from the routes themselves: what is checked is
 * what is written down.
 */
import { z } from "zod";
import { STATUS } from "#shared/api/problem.ts";
import type { Answer, Area, Route } from "./route.ts";

type Json = Record<string, unknown>;

export function openApi(areas: readonly Area[]): Json {
  const paths: Record<string, Json> = {};
  for (const area of areas)
    for (const one of area.routes) {
      const path = one.path.replaceAll(/:(\w+)/g, "{$1}");
      (paths[path] ??= {})[one.method] = operation(area, one);
    }
  return {
    openapi: "3.1.0",
    info: {
      title: "Riser hub",
      version: "1",
      description:
        "Communities, homes, people, meters and gateways of an organization. Lists are paged with `limit` and `offset`; errors are problem+json (RFC 9457). Another tenant's thing is 404.",
    },
    servers: [{ url: "/api/v1" }],
    security: [{ apiKey: [] }, { bearer: [] }, { cookie: [] }],
    tags: areas.map(({ name, title }) => ({ name, description: title })),
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: "apiKey", in: "header", name: "X-API-Key" },
        bearer: { type: "http", scheme: "bearer" },
        cookie: { type: "apiKey", in: "cookie", name: "riser_signin" },
      },
      schemas: { Problem: problem },
    },
  };
}

function operation(area: Area, one: Route): Json {
  const isOpen = one.right === "public";
  return {
    operationId: operationId(one),
    tags: [area.name],
    summary: one.title,
    ...(isOpen ? { security: [] } : {}),
    ...(isOpen || one.right === "signed-in" ? {} : { "x-right": one.right }),
    parameters: [
      ...names(one.path).map((name) => ({
        name,
        in: "path",
        required: true,
        schema: fieldOf(one.params, name) ?? { type: "string" },
      })),
      ...fieldsOf(one.query).map(({ name, schema, isRequired }) => ({
        name,
        in: "query",
        required: isRequired,
        schema,
      })),
    ],
    ...(one.body
      ? {
          requestBody: { content: { "application/json": { schema: schemaOf(one.body, "input") } } },
        }
      : {}),
    ...(one.upload
      ? {
          requestBody: {
            content: Object.fromEntries(
              one.upload.types.map((type) => [
                type,
                { schema: { type: "string", format: "binary" } },
              ]),
            ),
          },
        }
      : {}),
    responses: { ...success(one.answer), ...refusals(one) },
  };
}

/** `put /devices/:dev_eui/assign` becomes `putDevicesDevEuiAssign`. */
export function operationId({ method, path }: Pick<Route, "method" | "path">): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

const names = (path: string) => [...path.matchAll(/:(\w+)/g)].map((found) => found[1] as string);

function success(answer: Answer): Json {
  if ("none" in answer) return { "204": { description: "Done." } };
  if ("file" in answer)
    return {
      "200": {
        description: "A file or stream.",
        content: Object.fromEntries(answer.file.map((type) => [type, {}])),
      },
    };
  const status = { type: "string", const: "success" };
  if ("rows" in answer)
    return {
      "200": json("A page of the list.", {
        type: "object",
        required: ["status", "data", "total", "limit", "offset"],
        properties: {
          status,
          data: { type: "array", items: schemaOf(answer.rows, "output") },
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
      properties: { status, data: schemaOf(answer.data, "output") },
    }),
  };
}

function refusals(one: Route): Json {
  const codes: (keyof typeof STATUS)[] = ["too_many"];
  if (one.query || one.body || one.upload) codes.push("invalid");
  if (one.right !== "public") codes.push("unauthorized", "forbidden");
  if (one.path.includes(":")) codes.push("not_found");
  if (one.method !== "get") codes.push("conflict");
  return Object.fromEntries(
    codes.map((code) => [
      String(STATUS[code]),
      {
        description: code,
        content: {
          "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
        },
      },
    ]),
  );
}

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
    detail: { type: "string" },
    fields: { type: "object", additionalProperties: { type: "string" } },
  },
};

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Json;
  return rest;
}

function fieldsOf(schema: z.ZodType | undefined) {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, "input") as {
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
