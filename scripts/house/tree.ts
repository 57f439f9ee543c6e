/**
 * The project as a map from path to text, so that a rule can be tried on a tree of three lines.
 *
 * Paths are relative to the root, with `/`. Only text files; what git ignores is left out by name.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

export type Tree = ReadonlyMap<string, string>;

/** What a rule found: sentences, each naming a file. Empty when all is well. */
export type Rule = (tree: Tree) => string[];

/** A rule's complaint must be about the project's own files. */
const NOT_OURS = new Set([
  "node_modules",
  "dist",
  "coverage",
  ".git",
  ".riser",
  "package-lock.json",
]);
const IS_TEXT =
  /(?:\.(?:[cm]?[jt]sx?|json|md|css|html|svg|ya?ml|conf|ini|sh|example)|\/[^./]+|\/Dockerfile[^/]*|^\.[a-z]+)$/;

/** Reads the project at `root` (absolute path). */
export function readTree(root: string): Tree {
  const tree = new Map<string, string>();
  const read = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (NOT_OURS.has(entry.name)) continue;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) read(path);
      else if (entry.isFile() && IS_TEXT.test(`/${path}`))
        tree.set(path, readFileSync(join(root, path), "utf8"));
    }
  };
  read("");
  return tree;
}

/** A tree for a rule's own test. */
export function treeOf(files: Record<string, string>): Tree {
  return new Map(Object.entries(files));
}

/** The TypeScript files among them. */
export function sources(tree: Tree): [path: string, text: string][] {
  return [...tree].filter(
    ([path]) => /\.(?:ts|tsx|mts|mjs)$/.test(path) && !path.endsWith(".d.ts"),
  );
}

export function isTest(path: string): boolean {
  return /\.(?:test|trap)\.tsx?$/.test(path);
}

/** The folders of a tree that are `depth` levels deep or less, without what begins with a dot. */
export function folders(tree: Tree, depth: number): string[] {
  const found = new Set<string>();
  for (const path of tree.keys()) {
    const parts = path.split("/").slice(0, -1);
    for (let level = 1; level <= Math.min(depth, parts.length); level++)
      found.add(parts.slice(0, level).join("/"));
  }
  return [...found].filter((path) => !path.startsWith(".")).toSorted();
}
