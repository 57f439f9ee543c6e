/**
 * What comes in numbers stands in one list: these rules find a thing that was written and never listed.
 */
import { imports } from "./imports.ts";
import { isTest, sources, type Rule, type Tree } from "./tree.ts";

interface Numbered {
  /** Where the things lie. */
  readonly folder: string;
  /** The contract they are declared with: `export const x: Type = …`. */
  readonly type: string;
  readonly list: string;
}

const NUMBERED: readonly Numbered[] = [
  { folder: "shared/devices", type: "Decoder", list: "shared/devices/list.ts" },
  { folder: "shared/formats", type: "Format", list: "shared/formats/list.ts" },
  { folder: "cloud/areas", type: "Area", list: "cloud/areas/list.ts" },
];

/** Whatever is declared with a contract's type is named in its list, beyond the import. */
export const declaredAreListed: Rule = (tree) =>
  NUMBERED.flatMap(({ folder, type, list }) => {
    const listed = (tree.get(list) ?? "").replaceAll(/^import\b[^;]*;/gm, "");
    const declared = new RegExp(`^(?:export )?const (\\w+)\\s*:\\s*${type}\\b`, "gm");
    return inside(tree, folder).flatMap(([path, text]) =>
      [...text.matchAll(declared)]
        .map((match) => match[1] ?? "")
        .filter((name) => path !== list && !new RegExp(`\\b${name}\\b`).test(listed))
        .map((name) => `${path}: ${name} is not in ${list}`),
    );
  });

/** A folder of a model has its decoder in the list and examples of its payloads beside it. */
export const everyModelIsListed: Rule = (tree) => {
  const reached = reachedFrom(tree, "shared/devices/list.ts");
  return [...tree.keys()]
    .filter((path) => /^shared\/devices\/.+\/decoder\.ts$/.test(path))
    .flatMap((path) => {
      const vectors = path.replace(/decoder\.ts$/, "vectors.json");
      return [
        ...(reached.has(path) ? [] : [`${path} is not imported by shared/devices/list.ts`]),
        ...(tree.has(vectors) ? [] : [`${vectors} is missing: a decoder is proved by examples`]),
      ];
    });
};

/** Each folder of `cloud/areas/` is imported by the list of areas. */
export const everyAreaIsListed: Rule = (tree) => {
  const reached = reachedFrom(tree, "cloud/areas/list.ts");
  const areas = new Set(
    [...tree.keys()].flatMap((path) => /^(cloud\/areas\/[^/]+)\//.exec(path)?.[1] ?? []),
  );
  return [...areas]
    .filter((area) => ![...reached].some((path) => path.startsWith(`${area}/`)))
    .map((area) => `${area}/ is not imported by cloud/areas/list.ts`);
};

/** Each condition that a person can be shown is raised by some file other than its declaration. */
export const everyConditionIsRaised: Rule = (tree) =>
  [...tree]
    .filter(([path]) => path.endsWith("/conditions.ts"))
    .flatMap(([list, text]) =>
      [...text.matchAll(/^ {2}(\w+): \{/gm)]
        .map((match) => match[1] ?? "")
        .filter(
          (name) =>
            !sources(tree).some(
              ([path, other]) =>
                path !== list && !isTest(path) && new RegExp(`["'.]${name}\\b`).test(other),
            ),
        )
        .map((name) => `${list}: nothing ever raises ${name}`),
    );

/** The words of one language, as their module exports them. */
export type Words = Readonly<Record<string, unknown>>;

/** All languages have the same keys, the same kinds of values, and no empty text. */
export function languagesAgree(languages: ReadonlyMap<string, Words>): string[] {
  const [first, ...others] = [...languages].map(
    ([name, words]) => [name, flat(words, "")] as const,
  );
  if (first === undefined) return [];
  const [model, keys] = first;
  return [first, ...others].flatMap(([name, own]) => [
    ...[...keys]
      .filter(([key, kind]) => own.get(key) !== kind)
      .map(
        ([key, kind]) =>
          `${name}: ${key} is ${own.get(key) ?? "missing"}, in ${model} it is ${kind}`,
      ),
    ...[...own.keys()]
      .filter((key) => !keys.has(key))
      .map((key) => `${name}: ${key} is not in ${model}`),
    ...[...own]
      .filter(([, kind]) => kind === "empty text")
      .map(([key]) => `${name}: ${key} is empty`),
  ]);
}

/** Path of each word to its kind: text, or a function with so many arguments. */
function flat(words: Words, path: string): Map<string, string> {
  return new Map(
    Object.entries(words).flatMap(([key, value]): [string, string][] => {
      const at = path === "" ? key : `${path}.${key}`;
      if (typeof value === "function") return [[at, `a function of ${value.length}`]];
      if (typeof value === "string") return [[at, value.trim() === "" ? "empty text" : "a text"]];
      if (typeof value === "object" && value !== null) return [...flat(value as Words, at)];
      return [[at, typeof value]];
    }),
  );
}

function inside(tree: Tree, folder: string): [string, string][] {
  return sources(tree).filter(([path]) => path.startsWith(`${folder}/`) && !isTest(path));
}

function reachedFrom(tree: Tree, list: string): Set<string> {
  return new Set(
    imports(tree)
      .filter(({ from, isOurs }) => isOurs && from === list)
      .map(({ to }) => to),
  );
}
