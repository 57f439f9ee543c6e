/**
 * `client-source`: a typed client for TypeScript, written out of the API document: one file without
 * dependencies, for anything that has `fetch`. One function per call, named as its `operationId`.
 */
import { openApi, operationId } from "./open-api.ts";
import type { Area, Route } from "./route.ts";
import { parametersOf, type Given, type Parameter } from "./shared-parameters.ts";

type Json = Record<string, unknown>;
interface Operation {
  readonly parameters: readonly Given[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Record<string, { schema: Json }>;
  };
  readonly responses: Record<string, { content?: Record<string, { schema?: Json }> }>;
}

export function clientSource(areas: readonly Area[]): string {
  const { paths, components } = openApi(areas) as {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, Json>; parameters: Record<string, unknown> };
  };
  const routes = areas.flatMap((area) => area.routes);
  const calls = routes.map((route) => {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    const operation = paths[path]?.[route.method] as Operation;
    return call(route, operation, parametersOf(operation, components));
  });
  const types = Object.entries(components.schemas)
    .filter(([name]) => name !== "Problem")
    .map(([name, schema]) => `export type ${name} = ${typeOf(schema)};`);
  return `${HEAD}\n${types.join("\n")}\n${RISER}\n${calls.join("\n")}\n  };\n}\n`;
}

const HEAD = `/** A client for the hub's API, made from its own description. Regenerate it with each version of the hub. */

/** What the hub says when it says no (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  /** Everything in the problem document. */
  readonly document: Record<string, unknown>;
  constructor(status: number, document: Record<string, unknown>) {
    super(String(document.detail ?? document.title ?? status));
    this.status = status;
    this.code = String(document.code ?? "unknown");
    this.document = document;
  }
}

export interface Options {
  /** Such as https://hub.example.org, without a path. */
  readonly url: string;
  readonly apiKey: string;
  readonly fetch?: typeof fetch;
}
/** For one call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** The same change sent twice under the same key is done once. */
  readonly idempotencyKey?: string;
}
export interface Page<T> { readonly data: T[]; readonly total: number; readonly limit: number; readonly offset: number }
`;

const RISER = `
export function riser({ url, apiKey, fetch: ask = fetch }: Options) {
  const send = async (method: string, path: string, query: object | undefined, body: unknown, type: string | undefined, options: CallOptions) => {
    const address = new URL(\`\${url}/api/v1\${path}\`);
    for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) address.searchParams.set(name, String(value));
    const answer = await ask(address, {
      method,
      headers: {
        "x-api-key": apiKey,
        ...(type === undefined ? {} : { "content-type": type }),
        ...(options.idempotencyKey === undefined ? {} : { "idempotency-key": options.idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: type === "application/json" ? JSON.stringify(body) : (body as BodyInit) }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    if (answer.ok) return answer;
    throw new Problem(answer.status, (await answer.json().catch(() => ({}))) as Record<string, unknown>);
  };
  return {`;

function call(route: Route, operation: Operation, all: readonly Parameter[]): string {
  const given = (where: string) => all.filter((one) => one.in === where);
  const [params, query] = [given("path"), given("query")];
  const isNeeded = query.some(({ required }) => required);
  const [[type, body] = []] = Object.entries(operation.requestBody?.content ?? {});
  // TypeScript lets nothing be left out before what is needed.
  const mayLack = operation.requestBody?.required === false && !isNeeded;
  const args = [
    ...params.map(({ name }) => `${name}: string`),
    ...(body
      ? [
          route.upload === undefined
            ? `body: ${typeOf(body.schema)}${mayLack ? " = {}" : ""}`
            : `body: ${type === "application/json" ? "unknown" : "BodyInit"}`,
        ]
      : []),
    ...(query.length > 0
      ? [
          `query: ${objectOf(query.map((one) => [one.name, one.schema, one.required]))}${isNeeded ? "" : " = {}"}`,
        ]
      : []),
    "options: CallOptions = {}",
  ];
  const path = route.path.replaceAll(/:(\w+)/g, "${encodeURIComponent($1)}");
  const sent = `send("${route.method.toUpperCase()}", \`${path}\`, ${query.length > 0 ? "query" : "undefined"}, ${body ? "body" : "undefined"}, ${body ? JSON.stringify(type) : "undefined"}, options)`;
  const { answer } = route;
  const [kind, read] =
    "none" in answer
      ? ["void", `void (await ${sent})`]
      : "file" in answer
        ? ["Response", `await ${sent}`]
        : jsonAnswer(operation, "rows" in answer, sent);
  return [
    `    /** ${route.title.replaceAll("*/", "")} */`,
    `    async ${operationId(route)}(${args.join(", ")}): Promise<${kind}> {`,
    `      ${"none" in answer ? read : `return ${read}`};`,
    "    },",
  ].join("\n");
}

function jsonAnswer(operation: Operation, isPage: boolean, sent: string): [string, string] {
  const [schema] = Object.entries(operation.responses)
    .filter(([status]) => status.startsWith("2"))
    .map(([, { content }]) => content?.["application/json"]?.schema);
  const { data } = (schema?.properties ?? {}) as { data?: Json };
  if (isPage) {
    const kind = `Page<${typeOf((data?.items ?? {}) as Json)}>`;
    return [kind, `(await (await ${sent}).json()) as ${kind}`];
  }
  const kind = typeOf(data ?? {});
  return [kind, `((await (await ${sent}).json()) as { data: ${kind} }).data`];
}

/** A JSON Schema as a TypeScript type. */
export function typeOf(schema: Json): string {
  if (typeof schema.$ref === "string") return nameIn(schema.$ref);
  if ("const" in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if (Array.isArray(schema.allOf)) return (schema.allOf as Json[]).map(typeOf).join(" & ");
  const some = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (some) return [...new Set(some.map(typeOf))].join(" | ");
  const {
    properties,
    required = [],
    additionalProperties,
  } = schema as {
    properties?: Record<string, Json>;
    required?: string[];
    additionalProperties?: Json | boolean;
  };
  if (properties)
    return objectOf(
      Object.entries(properties).map(([name, field]) => [name, field, required.includes(name)]),
    );
  const kinds = Array.isArray(schema.type) ? (schema.type as string[]) : [schema.type as string];
  return kinds.map((kind) => plainType(kind, schema, additionalProperties)).join(" | ");
}

/** `#/components/schemas/DeviceRow` is `DeviceRow`. */
export const nameIn = (reference: string): string => reference.split("/").at(-1) as string;

function plainType(kind: string, { items }: Json, more: Json | boolean | undefined): string {
  if (kind === "array") return `(${typeOf((items ?? {}) as Json)})[]`;
  if (kind === "integer") return "number";
  if (kind === "object")
    return `Record<string, ${typeof more === "object" ? typeOf(more) : "unknown"}>`;
  return ["string", "number", "boolean", "null"].includes(kind) ? kind : "unknown";
}

function objectOf(fields: readonly (readonly [name: string, schema: Json, isNeeded: boolean])[]) {
  const inner = fields.map(
    ([name, schema, isNeeded]) =>
      `${JSON.stringify(name)}${isNeeded ? "" : "?"}: ${typeOf(schema)}${isNeeded ? "" : " | undefined"}`,
  );
  return inner.length === 0 ? "Record<string, never>" : `{ ${inner.join("; ")} }`;
}
