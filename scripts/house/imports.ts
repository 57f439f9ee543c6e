/**
 * What a source file imports, and which file of ours that is.
 *
 * Reads type imports too: they are gone after compiling, but they tie two folders together all the
 * same. A test compares this reader with what esbuild sees, so that it misses nothing.
 */
import { posix } from "node:path";
import { sources, type Tree } from "./tree.ts";

export interface Import {
  /** The importing file. */
  readonly from: string;
  /** As written. */
  readonly specifier: string;
  /** Path from the root when it is a file of ours; otherwise the package or `node:` module. */
  readonly to: string;
  readonly isOurs: boolean;
}

const PATTERNS = [
  /(?:^|;)[ \t]*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"'\n]+)["']/gm,
  // The last line of an import whose braces hold a comment with a quote or a semicolon.
  /^[ \t]*\}\s*from\s*["']([^"'\n]+)["']/gm,
  /(?:^|;)[ \t]*import\s*["']([^"'\n]+)["']/gm,
  /\b(?:import|require)\s*\(\s*["'`]([^"'`\n$]+)["'`]/g,
  /\bimport\.meta\.resolve\s*\(\s*["']([^"'\n]+)["']/g,
];

/** What a file's text imports, as written, each once. */
export function specifiers(text: string): string[] {
  return [
    ...new Set(
      PATTERNS.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? "")),
    ),
  ];
}

/** Every import of every source file, but for the tests of these rules: theirs are examples. */
export function imports(tree: Tree): Import[] {
  const real = sources(tree).filter(([path]) => !/^scripts\/house\/.+\.test\.ts$/.test(path));
  return real.flatMap(([from, text]) =>
    specifiers(text).map((specifier) => {
      const ours = resolveOurs(from, specifier);
      return { from, specifier, to: ours ?? specifier, isOurs: ours !== undefined };
    }),
  );
}

function resolveOurs(from: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
  if (specifier.startsWith("#")) return specifier.slice(1);
  if (specifier === "lorawan-packet-decoder") return "shared/lorawan-packet-decoder/index.ts";
  if (specifier.startsWith("lorawan-packet-decoder/")) return `shared/${specifier}`;
  return undefined;
}

/** True when `path` is `folder` or lies in it. */
export function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
