/** The layer rule as overrides of the lint configuration: one per folder, and one for its tests where those may more. */
import { layers, type Layer } from "./layers.ts";
import type { Tree } from "./tree.ts";

interface Pattern {
  group?: string[];
  regex?: string;
  message: string;
}
interface Override {
  files: string[];
  rules: { "no-restricted-imports": ["error", { patterns: Pattern[] }] };
}

/** What `.oxlintrc.json` must hold under `overrides`. Later ones replace earlier ones for the same file. */
export function lintOverrides(table: readonly Layer[] = layers): Override[] {
  const tops = [
    override(["shared/*.ts"], [never("shared", ["edge", "cloud"])]),
    override(["edge/*.ts"], [never("edge", ["cloud"])]),
    override(["cloud/*.ts"], [never("cloud", ["edge"])]),
  ];
  return [...tops, ...table.flatMap(ofLayer)];
}

function ofLayer({ folder, never: forbidden, only, isApart, aside = [] }: Layer): Override[] {
  const patterns = [never(folder, forbidden)];
  if (only !== undefined) {
    const strict: Pattern = {
      // A name below an excluded folder is only let in again where each folder above it is.
      group: ["*", "**", "!./*", ...insideOf(folder), ...only.map((name) => `!${name}`)],
      message: `${folder} imports nothing but ${only.join(", ")}.`,
    };
    const freer = [`${folder}/**/*.test.ts`, ...aside.map((file) => `${folder}/${file}`)];
    return [override([`${folder}/**`], [strict]), override(freer, patterns)];
  }
  const own = override([`${folder}/**`], patterns);
  if (isApart !== true) return [own];
  const apart: Pattern = {
    group: [`#${folder}/*/**`, "../*/**"],
    message: `The folders of ${folder} never import each other.`,
  };
  return [own, override([`${folder}/*/**`], [...patterns, apart])];
}

/** A folder inside it imports its siblings by name. */
function insideOf(folder: string): string[] {
  const [top] = folder.split("/");
  return [`!#${top}`, `!#${folder}`, `!#${folder}/**`];
}

function never(folder: string, forbidden: readonly string[]): Pattern {
  // By name (#cloud/…) or on foot (../../cloud/…).
  const ways = forbidden.map((path) => `^#${path}/|^\\.\\./(.*/)?${path.split("/").at(-1)}/`);
  return { regex: ways.join("|"), message: `${folder} never imports ${forbidden.join(", ")}.` };
}

function override(files: string[], patterns: Pattern[]): Override {
  return { files, rules: { "no-restricted-imports": ["error", { patterns }] } };
}

/** The lint configuration says the same as the table. */
export function lintHoldsLayers(tree: Tree, table: readonly Layer[] = layers): string[] {
  const config = JSON.parse(tree.get(".oxlintrc.json") ?? "{}") as { overrides?: unknown[] };
  const restricting = (config.overrides ?? []).filter((each) =>
    JSON.stringify(each).includes("no-restricted-imports"),
  );
  return JSON.stringify(restricting) === JSON.stringify(lintOverrides(table))
    ? []
    : [".oxlintrc.json does not hold the layers of scripts/house/layers.ts: npm run house"];
}
