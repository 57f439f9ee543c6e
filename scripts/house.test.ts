/**
 * The rules of the house, tried on the project itself. Each rule stands in `house/`, with its reason and
 * with a test that it turns red.
 */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { environmentExample } from "./house/environment-example.ts";
import * as files from "./house/file-rules.ts";
import { specifiers } from "./house/imports.ts";
import * as layerRules from "./house/layer-rules.ts";
import { lintHoldsLayers } from "./house/lint-layers.ts";
import * as lists from "./house/list-rules.ts";
import * as readme from "./house/readme-rules.ts";
import { readTree, sources, type Rule } from "./house/tree.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const tree = readTree(root);

const rules: Record<string, Rule> = {
  "nothing imports what its layer may not": layerRules.respectsLayers,
  "every folder has a layer": layerRules.everyFolderHasALayer,
  "imports across folders are written with #": layerRules.crossesFoldersByName,
  "the product does not import scripts": layerRules.productLeavesScriptsAlone,
  "every imported file is there": layerRules.importsExist,
  "the lint configuration holds the layers": lintHoldsLayers,
  "the README holds the layers": readme.readmeHoldsLayers,
  "the README's map equals the disk": readme.mapEqualsDisk,
  "the README says what each dependency is for": readme.readmeExplainsDependencies,
  "names say something": files.namesSaySomething,
  "names are kebab-case": files.namesAreKebabCase,
  "only config.ts reads the environment": files.onlyConfigReadsEnvironment,
  "every test file runs its suites": files.testsCallRun,
  "nothing names a place of one machine": files.namesNoMachine,
  "nothing is left for later": files.nothingIsLeftForLater,
  "whatever is declared is listed": lists.declaredAreListed,
  "every model is listed and has examples": lists.everyModelIsListed,
  "every area is listed": lists.everyAreaIsListed,
  "every condition is raised somewhere": lists.everyConditionIsRaised,
};

for (const [sentence, rule] of Object.entries(rules)) {
  test(sentence, () => assert.equal(rule(tree), []));
}

test("the project is seen at all", () => {
  for (const path of ["package.json", ".oxlintrc.json", "edge/config.ts", "shared/model/ids.ts"]) {
    assert.ok(tree.has(path), path);
  }
});

test("no import that esbuild sees escapes the rules", async () => {
  const entries = sources(tree).map(([path]) => path);
  const missed: string[] = [];
  await build({
    entryPoints: entries.map((path) => `${root}${path}`),
    bundle: true,
    write: false,
    format: "esm",
    outdir: "nowhere",
    logLevel: "silent",
    plugins: [
      {
        name: "imports",
        setup: ({ onResolve }) => {
          onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
            // What JSX compiles to: nobody writes it.
            if (kind === "entry-point") return undefined;
            if (path === "preact/jsx-runtime") return { path, external: true };
            const from = importer.slice(root.length);
            if (!specifiers(tree.get(from) ?? "").includes(path)) missed.push(`${from}: ${path}`);
            return { path, external: true };
          });
        },
      },
    ],
  });
  assert.ok(entries.length > 100);
  assert.equal(missed, []);
});

const wordFiles = [...tree.keys()].filter((path) => /\/web\/words\/.*\b[a-z]{2}\.ts$/.test(path));
for (const folder of new Set(wordFiles.map((path) => path.slice(0, -"/en.ts".length)))) {
  const names = wordFiles.filter((path) => path.slice(0, -"/en.ts".length) === folder);
  test(`the languages of ${folder} have the same words`, async () => {
    const languages = new Map<string, lists.Words>();
    for (const path of names) {
      const name = path.slice(-5, -3);
      const module = (await import(new URL(`../${path}`, import.meta.url).href)) as Record<
        string,
        lists.Words
      >;
      languages.set(name, module[name] ?? {});
    }
    assert.equal([...languages.keys()].toSorted(), ["de", "en", "es", "fr"]);
    assert.equal(lists.languagesAgree(languages), []);
  });
}

test(".env.example is printed from the settings", () => {
  assert.equal(tree.get(".env.example"), environmentExample());
});

test("every file of rules has a test that turns each of its rules red", () => {
  const folder = new URL("./house", import.meta.url);
  for (const file of readdirSync(folder).filter((name) => name.endsWith("-rules.ts"))) {
    const own = tree.get(`scripts/house/${file}`) ?? "";
    const tests = tree.get(`scripts/house/${file.replace(/\.ts$/, ".test.ts")}`) ?? "";
    const named = [
      ...own.matchAll(/^export (?:const|function) (\w+)(?:: Rule|\(tree: Tree)/gm),
    ].map((match) => match[1] ?? "");
    const untested = named.filter((name) => name !== "section" && !tests.includes(`${name}(`));
    assert.equal(untested, [], file);
  }
});

test.run();
