/**
 * `shared-parameters`: a parameter that several calls take in the same way stands once in the API
 * document, under its name; what is called the same and means something else stays with its call.
 */
type Json = Record<string, unknown>;
type Paths = Record<string, Record<string, Json>>;

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Json;
}
/** A parameter, or where it stands. */
export type Given = Parameter | { readonly $ref: string };

/** @returns the paths with references in them, and what they refer to */
export function shared(paths: Paths): { paths: Paths; parameters: Record<string, Json> } {
  const times = new Map<string, number>();
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  for (const { parameters } of operations)
    for (const one of parameters as Json[])
      times.set(JSON.stringify(one), (times.get(JSON.stringify(one)) ?? 0) + 1);
  const chosen = new Map<string, string>();
  for (const [text, count] of [...times].sort((a, b) => b[1] - a[1])) {
    const name = (JSON.parse(text) as Parameter).name;
    if (count > 1 && !chosen.has(name)) chosen.set(name, text);
  }
  const short = (one: Json) =>
    chosen.get(one.name as string) === JSON.stringify(one)
      ? { $ref: `#/components/parameters/${one.name as string}` }
      : one;
  return {
    paths: Object.fromEntries(
      Object.entries(paths).map(([path, methods]) => [
        path,
        Object.fromEntries(
          Object.entries(methods).map(([method, operation]) => [
            method,
            { ...operation, parameters: (operation.parameters as Json[]).map(short) },
          ]),
        ),
      ]),
    ),
    parameters: Object.fromEntries(
      [...chosen]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, text]) => [name, JSON.parse(text) as Json]),
    ),
  };
}

/** The parameters of a call, wherever they stand. */
export function parametersOf(
  operation: { readonly parameters: readonly Given[] },
  components: { readonly parameters: Readonly<Record<string, unknown>> },
): Parameter[] {
  return operation.parameters.map((one) =>
    "$ref" in one
      ? (components.parameters[one.$ref.split("/").at(-1) as string] as Parameter)
      : one,
  );
}
