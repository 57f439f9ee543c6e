/** Rules on single files: their names, and what may not stand in them. */
import { imports } from "./imports.ts";
import { isTest, sources, type Rule } from "./tree.ts";

/** What has no noun has no home: these names say nothing about what is inside. */
const EMPTY_NAMES = new Set(["utils", "util", "helpers", "helper", "common", "misc", "types"]);

/** Where the environment may be read, and why. Everything else is told what it needs. */
const READS_ENVIRONMENT: Record<string, string> = {
  "edge/config.ts": "the gateway's settings, each declared once",
  "cloud/config.ts": "the hub's settings, each declared once",
  "edge/supervised.mjs": "hands its environment on to the gateway it starts",
  "scripts/": "a developer's commands hand their environment on to the programs they start",
};

/** No file or folder is called utils, helpers, common, misc or types. */
export const namesSaySomething: Rule = (tree) =>
  [...tree.keys()].flatMap((path) =>
    path
      .split("/")
      .filter((part) => EMPTY_NAMES.has(part.split(".")[0] ?? ""))
      .map((part) => `${path}: "${part}" says nothing about what is inside`),
  );

/** Source files are named in kebab-case. */
export const namesAreKebabCase: Rule = (tree) =>
  sources(tree)
    .map(([path]) => path)
    .filter((path) => !/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(path.split("/").at(-1) ?? ""))
    .map((path) => `${path} is not in kebab-case`);

/** The environment is read in the two config files; a test may read it to learn what the machine offers. */
export const onlyConfigReadsEnvironment: Rule = (tree) =>
  sources(tree)
    .filter(
      ([path]) =>
        !isTest(path) &&
        !Object.keys(READS_ENVIRONMENT).some((allowed) => path.startsWith(allowed)),
    )
    .filter(([, text]) =>
      /\bprocess\s*(?:\?\.|\.)\s*env\b|\bprocess\[["']env["']\]|import\s*\{[^}]*\benv\b[^}]*\}\s*from\s*["'](?:node:)?process["']/.test(
        text,
      ),
    )
    .map(
      ([path]) =>
        `${path} reads process.env: declare the setting in a config.ts and pass its value`,
    );

/**
 * Each test file runs the suites it makes, or imports what runs them (a conformance suite). The runner
 * says so too, but only when it gets to run the file.
 */
export const testsCallRun: Rule = (tree) => {
  const runs = (path: string): boolean => /^\s*\w+\.run\(\);?$/m.test(tree.get(path) ?? "");
  const all = imports(tree);
  return [...tree.keys()]
    .filter((path) => /\.test\.tsx?$/.test(path) && !runs(path))
    .filter((path) => !all.some(({ from, to }) => from === path && runs(to)))
    .map((path) => `${path} never calls .run()`);
};

/** Nothing names a place of one machine: temporary folders come from os.tmpdir(). */
export const namesNoMachine: Rule = (tree) => {
  const places = ["work", "root", "tmp", "home", "Users"].map((name) => `/${name}/`);
  const pattern = new RegExp(`(?:^|[\\s"'\`(=:,])(?:file://)?(${places.join("|")})[\\w.-]`, "m");
  return [...tree].flatMap(([path, text]) => {
    const found = pattern.exec(text);
    return found === null ? [] : [`${path} names ${found[1]}…: a place that only one machine has`];
  });
};

/** No marks of unfinished work: what is missing is an issue, or is said in the README. */
export const nothingIsLeftForLater: Rule = (tree) => {
  const marks = new RegExp(
    `\\b(?:${["TO", "FIX"].map((start, index) => start + ["DO", "ME"][index]).join("|")})\\b`,
  );
  return [...tree]
    .filter(([, text]) => marks.test(text))
    .map(([path]) => `${path} holds a mark of unfinished work`);
};
