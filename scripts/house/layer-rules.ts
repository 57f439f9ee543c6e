/** The layer rule on resolved paths: whatever way an import is written, it is the file it reaches that counts. */
import { imports, isIn, type Import } from "./imports.ts";
import { layers, type Layer } from "./layers.ts";
import { folders, isTest, type Rule, type Tree } from "./tree.ts";

/** Nothing imports what its layer may not. */
export function respectsLayers(tree: Tree, table: readonly Layer[] = layers): string[] {
  const tops: Layer[] = [
    { folder: "shared", never: ["edge", "cloud"] },
    { folder: "edge", never: ["cloud"] },
    { folder: "cloud", never: ["edge"] },
  ];
  return imports(tree).flatMap((each) =>
    [...tops, ...table]
      .filter(({ folder }) => isIn(each.from, folder))
      .flatMap((layer) => complaints(each, layer)),
  );
}

function complaints(each: Import, layer: Layer): string[] {
  const said: string[] = [];
  const forbidden = layer.never.find((folder) => each.isOurs && isIn(each.to, folder));
  if (forbidden !== undefined)
    said.push(`${each.from} imports ${each.to}: ${layer.folder} never imports ${forbidden}`);
  const isAside =
    isTest(each.from) ||
    layer.aside?.some((file) => each.from === `${layer.folder}/${file}`) === true;
  if (
    layer.only !== undefined &&
    !isAside &&
    !isIn(each.to, layer.folder) &&
    !layer.only.includes(each.to)
  ) {
    said.push(
      `${each.from} imports ${each.to}: ${layer.folder} imports nothing but ${layer.only.join(", ")}`,
    );
  }
  if (layer.isApart === true && each.isOurs && isIn(each.to, layer.folder)) {
    const inside = (path: string): string | undefined =>
      /^([^/]+)\//.exec(path.slice(layer.folder.length + 1))?.[1];
    const [own, other] = [inside(each.from), inside(each.to)];
    if (own !== undefined && other !== undefined && own !== other) {
      said.push(
        `${each.from} imports ${each.to}: the folders of ${layer.folder} never import each other`,
      );
    }
  }
  return said;
}

/** Each folder of the product has a row in the layer table, and each row a folder. */
export function everyFolderHasALayer(tree: Tree, table: readonly Layer[] = layers): string[] {
  const onDisk = folders(tree, 2).filter((path) =>
    /^(?:shared|edge|cloud)\/(?!decisions$)/.test(path),
  );
  const rows = table.map(({ folder }) => folder);
  return [
    ...onDisk
      .filter((path) => !rows.includes(path))
      .map((path) => `${path} has no row in scripts/house/layers.ts`),
    ...rows
      .filter((path) => !onDisk.includes(path))
      .map((path) => `${path} has a row in scripts/house/layers.ts but is not there`),
  ];
}

/** An import that leaves its folder of the map is written `#shared/…`, `#edge/…` or `#cloud/…`. */
export const crossesFoldersByName: Rule = (tree) =>
  imports(tree)
    .filter(
      ({ specifier, from, to }) => specifier.startsWith("../") && mapFolder(from) !== mapFolder(to),
    )
    .map(({ from, specifier, to }) => `${from} imports ${specifier}: write #${to}`);

/** What runs in production does not need the developer's commands; tests may. */
export const productLeavesScriptsAlone: Rule = (tree) =>
  imports(tree)
    .filter(
      ({ from, to, isOurs }) =>
        isOurs && isIn(to, "scripts") && !isIn(from, "scripts") && !isTest(from),
    )
    .map(({ from, to }) => `${from} imports ${to}: scripts/ is not shipped`);

/** Every file of ours that is imported is there. */
export const importsExist: Rule = (tree) =>
  imports(tree)
    .filter(({ isOurs, to }) => isOurs && /\.[cm]?[jt]sx?$/.test(to) && !tree.has(to))
    .map(({ from, to }) => `${from} imports ${to}, which is not there`);

function mapFolder(path: string): string {
  return path.split("/").slice(0, -1).slice(0, 2).join("/");
}
