import { test } from "uvu";
import * as assert from "uvu/assert";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";

type Tree = { readonly [key: string]: unknown };

/** Every word by its path, sentences with a gap as filled with marks. */
function leaves(tree: Tree, path = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const here = `${path}.${key}`;
    if (typeof value === "function")
      return [[here, (value as (...gaps: unknown[]) => string)("‹a›", "‹b›")]];
    return typeof value === "string" ? [[here, value]] : leaves(value as Tree, here);
  });
}

for (const [name, words] of Object.entries({ es, de, fr })) {
  test(`${name} says everything that en says`, () => {
    assert.equal(
      leaves(words).map(([path]) => path),
      leaves(en).map(([path]) => path),
    );
    for (const [path, text] of leaves(words)) assert.ok(text.trim() !== "", path);
  });

  test(`${name} names the same commands as en`, () => {
    const commands = (tree: Tree) =>
      leaves(tree).map(([, text]) => text.match(/npm run hub -- [a-z-]+/g) ?? []);
    assert.equal(commands(words), commands(en));
  });
}

test.run();
