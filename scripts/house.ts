/**
 * `npm run house`: writes what is made from lists: the layer rule into the lint configuration and the
 * README, and `.env.example` from the settings of both config files. `scripts/house.test.ts` is red
 * until it was run.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { layerTable } from "./house/readme-rules.ts";
import { lintOverrides } from "./house/lint-layers.ts";
import { environmentExample } from "./house/environment-example.ts";

const at = (path: string): URL => new URL(`../${path}`, import.meta.url);

const lint = JSON.parse(readFileSync(at(".oxlintrc.json"), "utf8")) as { overrides?: object[] };
const others = (lint.overrides ?? []).filter(
  (each) => !JSON.stringify(each).includes("no-restricted-imports"),
);
lint.overrides = [...lintOverrides(), ...others];
writeFileSync(at(".oxlintrc.json"), `${JSON.stringify(lint, null, 2)}\n`);

const readme = readFileSync(at("README.md"), "utf8");
const table = /(## The layer rule\n(?:.*\n)*?)((?:\|.*\n)+)/;
writeFileSync(
  at("README.md"),
  readme.replace(table, (_all, before: string) => `${before}${layerTable()}\n`),
);

writeFileSync(at(".env.example"), environmentExample());
