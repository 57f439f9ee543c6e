/**
 * `docs-page`: the API's documentation as a page, made from the API document and nothing else: no
 * script, no asset from elsewhere. Everybody may read it; it says nothing of anybody's data.
 */
import { readFileSync } from "node:fs";
import { Hono } from "hono";
import { securityHeaders } from "#shared/web/security-headers.ts";
import { clientSource, nameIn } from "./client-source.ts";
import { openApi } from "./open-api.ts";
import type { Area } from "./route.ts";
import { parametersOf, type Given } from "./shared-parameters.ts";

type Json = Record<string, unknown>;
interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly "x-right"?: string;
  readonly "x-scopes"?: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters: readonly Given[];
  readonly requestBody?: { readonly content: Record<string, { schema: Json }> };
  readonly responses: Record<string, Said>;
}
type Schemas = Readonly<Record<string, Json>>;
interface Said {
  readonly $ref?: string;
  readonly description: string;
  readonly content?: Record<string, { schema?: Json }>;
}
interface Document {
  readonly tags: readonly { name: string; description: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly info: { readonly title: string; readonly description: string };
  readonly components: {
    readonly schemas: Schemas;
    readonly responses: Record<string, Said>;
    readonly parameters: Record<string, unknown>;
  };
}

/** `/docs` with its style, `/openapi.json` and `/client.ts`; to be mounted at `/` and at `/api/v1`. */
export function apiDocs(areas: readonly Area[]): Hono {
  const document = openApi(areas);
  const style = readFileSync(new URL("./docs-page.css", import.meta.url), "utf8");
  const tokens = readFileSync(
    new URL("../../shared/web/components/tokens.css", import.meta.url),
    "utf8",
  );
  const page = docsPage(document as unknown as Document);
  const client = clientSource(areas);
  const app = new Hono();
  app.use("/docs", securityHeaders());
  app.use("/docs.css", securityHeaders());
  app.get("/openapi.json", (c) => c.json(document));
  app.get("/client.ts", (c) =>
    c.body(client, 200, { "content-type": "text/plain; charset=utf-8" }),
  );
  app.get("/docs", (c) => c.html(page));
  app.get("/docs.css", (c) => c.body(`${tokens}\n${style}`, 200, { "content-type": "text/css" }));
  return app;
}

export function docsPage({ info, tags, paths, components }: Document): string {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = tags.map(({ name, description }) => ({
    name,
    description,
    operations: all.filter(({ operation }) => operation.tags.includes(name)),
  }));
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${text(info.title)}: API</title><link rel="stylesheet" href="docs.css"></head><body>`,
    `<header><h1>${text(info.title)}: API</h1><p>${text(info.description)}</p>`,
    "<p>Base path <code>/api/v1</code>. Programs send a key as <code>X-API-Key</code> or as ",
    "<code>Authorization: Bearer</code>; a change may carry an <code>Idempotency-Key</code>. ",
    'The same as a document: <a href="openapi.json">openapi.json</a>, ',
    'and as a typed client for TypeScript: <a href="client.ts">client.ts</a>.</p></header>',
    '<div class="frame"><nav aria-label="Parts"><ul>',
    ...sections.map(
      ({ name, operations }) =>
        `<li><a href="#${text(name)}">${text(name)} <span>${operations.length}</span></a></li>`,
    ),
    `<li><a href="#shapes">shapes <span>${Object.keys(components.schemas).length}</span></a></li>`,
    "</ul></nav><main>",
    ...sections.map(
      ({ name, description, operations }) =>
        `<section id="${text(name)}"><h2>${text(description)}</h2>${operations.map((one) => call(one, components)).join("")}</section>`,
    ),
    '<section id="shapes"><h2>Shapes that several calls share</h2>',
    ...Object.entries(components.schemas).map(
      ([name, schema]) =>
        `<details id="shape-${text(name)}"><summary><code>${text(name)}</code></summary>${shape(schema, components.schemas)}</details>`,
    ),
    "</section></main></div></body></html>",
  ].join("");
}

function call(
  { path, method, operation }: { path: string; method: string; operation: Operation },
  components: Document["components"],
) {
  const { schemas, responses: refusals } = components;
  const { operationId, summary, requestBody, responses } = operation;
  // What the head of the page says of all calls is not said again with each.
  const parameters = parametersOf(operation, components).filter((one) => one.in !== "header");
  const right = operation["x-right"];
  const who =
    right === undefined
      ? operation.security?.length === 0
        ? "open to everybody"
        : "whoever is signed in"
      : `right <code>${text(right)}</code>; ${
          operation["x-scopes"]
            ? `keys with the scope ${operation["x-scopes"].map((one) => `<code>${text(one)}</code>`).join(" or ")}`
            : "no keys"
        }`;
  const bodies = Object.entries(requestBody?.content ?? {});
  return [
    `<details id="${text(operationId)}"><summary><span class="method">${text(method.toUpperCase())}</span>`,
    `<code>${text(path)}</code><span class="title">${marked(summary)}</span></summary>`,
    `<p class="who">For ${who}.</p>`,
    parameters.length === 0
      ? ""
      : `<h3>Parameters</h3><dl>${parameters
          .map(
            (one) =>
              `<dt><code>${text(one.name)}</code> <small>${text(one.in)}${one.required ? ", needed" : ""}</small></dt><dd>${marked(one.description ?? "")} <code>${text(kindOf(one.schema))}</code></dd>`,
          )
          .join("")}</dl>`,
    ...bodies.map(([type, { schema }]) => `<h3>Body, ${text(type)}</h3>${shape(schema, schemas)}`),
    ...Object.entries(responses).map(([status, said]) => {
      const { description, content } =
        said.$ref === undefined ? said : (refusals[nameIn(said.$ref)] as Said);
      const schema = content?.["application/json"]?.schema;
      return `<h3>${text(status)} <small>${text(description)}</small></h3>${schema ? shape(schema, schemas) : ""}`;
    }),
    "</details>",
  ].join("");
}

/** A schema as one reads it: names, kinds, borders; what has a name of its own leads to it, unless it is the whole. */
const shape = (schema: Json, schemas: Schemas) =>
  `<pre tabindex="0">${written(schema, { indent: "", schemas, mayOpen: true })}</pre>`;

interface Written {
  readonly indent: string;
  readonly schemas: Schemas;
  /** Whether a named schema is written out here. */
  readonly mayOpen: boolean;
}

/** As HTML. */
function written(schema: Json, how: Written): string {
  const { indent, schemas, mayOpen } = how;
  if (typeof schema.$ref === "string") {
    const name = nameIn(schema.$ref);
    const named = schemas[name];
    return mayOpen && named
      ? written(named, { ...how, mayOpen: false })
      : `<a href="#shape-${text(name)}">${text(name)}</a>`;
  }
  if (Array.isArray(schema.allOf))
    return (schema.allOf as Json[])
      .map((one) => written(one, { ...how, mayOpen: false }))
      .join(" and ");
  const {
    type,
    properties,
    items,
    required = [],
  } = schema as {
    type?: string;
    properties?: Record<string, Json>;
    items?: Json;
    required?: string[];
  };
  if (properties) {
    const inner = `${indent}  `;
    const lines = Object.entries(properties).map(([name, field]) => {
      const said =
        typeof field.description === "string" ? `  <i>${marked(field.description)}</i>` : "";
      const kind = written(field, { ...how, indent: inner });
      return `${inner}${text(name)}${required.includes(name) ? "" : "?"}: ${kind}${said}`;
    });
    return `{\n${lines.join("\n")}\n${indent}}`;
  }
  if (type === "array" && items) return `list of ${written(items, how)}`;
  const some = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (some) return some.map((one) => written(one, how)).join(" or ");
  return text(kindOf(schema));
}

function kindOf(schema: Json): string {
  if ("const" in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  const some = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (some) return some.map(kindOf).join(" or ");
  const borders = ["format", "pattern", "minimum", "maximum", "minLength", "maxLength", "default"]
    .filter((name) => name in schema && Math.abs(Number(schema[name])) !== Number.MAX_SAFE_INTEGER)
    // A pattern that only repeats what the format says helps nobody.
    .filter((name) => name !== "pattern" || !("format" in schema))
    .map((name) => `${name} ${JSON.stringify(schema[name])}`);
  const kinds = [schema.type ?? "anything"].flat() as string[];
  return [kinds.join(" or "), ...borders].join(", ");
}

/** Words with `code` in them. */
const marked = (raw: string) => text(raw).replaceAll(/`([^`]+)`/g, "<code>$1</code>");

function text(raw: string): string {
  return raw
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
