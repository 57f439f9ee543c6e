/** The README tells the tree, the layers and the dependencies; these rules keep it from drifting away. */
import { layers, type Layer } from "./layers.ts";
import { folders, type Rule, type Tree } from "./tree.ts";

/** The text between a heading (`## The map`) and the next one of the same depth. Empty when there is none. */
export function section(tree: Tree, heading: string): string {
  const readme = tree.get("README.md") ?? "";
  const start = readme.indexOf(`\n${heading}\n`);
  if (start < 0) return "";
  const rest = readme.slice(start + heading.length + 2);
  const end = rest.search(/^## /m);
  return end < 0 ? rest : rest.slice(0, end);
}

/** Every top folder and every folder one level deeper stands once in the README's map; `decisions/` aside. */
export const mapEqualsDisk: Rule = (tree) => {
  const listed = [...section(tree, "## The map").matchAll(/^\| `([^`]+)\/` *\|/gm)].map(
    (match) => match[1] ?? "",
  );
  const onDisk = folders(tree, 2).filter((path) => !path.endsWith("/decisions"));
  return [
    ...onDisk
      .filter((path) => !listed.includes(path))
      .map((path) => `${path}/ is not in the README's map`),
    ...listed
      .filter((path) => !onDisk.includes(path))
      .map((path) => `${path}/ is in the README's map but not there`),
    ...listed
      .filter((path, index) => listed.indexOf(path) !== index)
      .map((path) => `${path}/ is twice in the README's map`),
  ];
};

/** The layer table as it stands in the README. */
export function layerTable(table: readonly Layer[] = layers): string {
  const row = ({ folder, never, only, isApart }: Layer): string => {
    const may =
      only === undefined ? "" : `nothing but ${only.map((name) => `\`${name}\``).join(", ")}`;
    const apart = isApart === true ? "its folders never import each other" : "";
    return `| \`${folder}\` | ${never.map((name) => `\`${name}\``).join(", ")} | ${[may, apart].filter(Boolean).join("; ")} |`;
  };
  return ["| folder | never imports | and |", "|---|---|---|", ...table.map(row)].join("\n");
}

/** The README's layer table is the one of the lint configuration. */
export function readmeHoldsLayers(tree: Tree, table: readonly Layer[] = layers): string[] {
  const rows = (text: string): string =>
    text
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .map((line) => line.replaceAll(/[\s-]+/g, ""))
      .join("\n");
  return rows(section(tree, "## The layer rule")) === rows(layerTable(table))
    ? []
    : ["README.md does not hold the layers of scripts/house/layers.ts: npm run house"];
}

/** Each dependency has a row in the README that says what it is for, and each row is a dependency. */
export const readmeExplainsDependencies: Rule = (tree) => {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(
    tree.get("package.json") ?? "{}",
  ) as Record<string, Record<string, string>>;
  const needed = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
  const listed = [...section(tree, "## Dependencies").matchAll(/^\| `([^`]+)` *\|/gm)].map(
    (match) => match[1] ?? "",
  );
  return [
    ...needed
      .filter((name) => !listed.includes(name))
      .map((name) => `README.md does not say what ${name} is for`),
    ...listed
      .filter((name) => !needed.includes(name))
      .map((name) => `README.md explains ${name}, which is not in package.json`),
  ];
};
