/** What is published works where nobody has a TypeScript runner, and the README says what is true of it. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as source from "./index.ts";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const readme = readFileSync(join(here, "README.md"), "utf8");
const test = suite("package");
let folder = "";

/** Runs plain Node in the folder where the packed package is installed. No loader, no flags. */
function node(file: string, text: string): string {
  writeFileSync(join(folder, file), text);
  return execFileSync(process.execPath, [file], { cwd: folder, encoding: "utf8", env: {} });
}

test.before(() => {
  folder = mkdtempSync(join(tmpdir(), "lorawan-package-"));
  const staging = join(folder, "staging");
  const tsx = require.resolve("tsx/cli");
  execFileSync(process.execPath, [tsx, join(here, "build.ts"), staging], { stdio: "pipe" });
  execFileSync("npm", ["pack", staging, "--pack-destination", folder, "--silent"], {
    cwd: folder,
    stdio: "pipe",
  });
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  assert.is(archive, "lorawan-packet-decoder-0.1.0.tgz");
  const installed = join(folder, "node_modules", "lorawan-packet-decoder");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(folder, archive!), "-C", installed, "--strip-components=1"]);
  rmSync(staging, { recursive: true });
});

test.after(() => rmSync(folder, { recursive: true, force: true }));

test("plain Node imports the packed package, with the same names as the sources", () => {
  const names = node(
    "names.mjs",
    'console.log(Object.keys(await import("lorawan-packet-decoder")).sort().join());',
  );
  assert.is(names.trim(), Object.keys(source).toSorted().join());
});

test("the packed package has no tests, no sources and no dependencies", () => {
  const installed = join(folder, "node_modules", "lorawan-packet-decoder");
  const files = readdirSync(installed);
  assert.equal(files.filter((name) => !/\.(js|d\.ts)$/.test(name)).toSorted(), [
    "LICENSE",
    "README.md",
    "package.json",
  ]);
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Record<
    string,
    unknown
  >;
  assert.is(manifest["dependencies"], undefined);
  assert.is(manifest["scripts"], undefined);
  for (const name of files.filter((file) => file.endsWith(".js"))) {
    const imported = [
      ...readFileSync(join(installed, name), "utf8").matchAll(/from "([^"]+)"/g),
    ].map(([, from]) => from!);
    for (const from of imported) assert.match(from, /^(\.\/[a-z-]+\.js|node:crypto)$/);
  }
});

test("its declarations compile in a strict project that knows nothing of this one", () => {
  writeFileSync(
    join(folder, "use.ts"),
    `import { parse, parseMacCommands, type MacCommand, type Phy } from "lorawan-packet-decoder";
const phy: Phy = parse(new Uint8Array(12));
if (phy.type === "dataUp") {
  const adrAckReq: boolean = phy.fCtrl.adrAckReq;
  const commands: MacCommand[] = parseMacCommands(phy.fOpts, phy.direction).commands;
  for (const command of commands) if (command.name === "DevStatusAns") console.log(command.marginDb + 1, adrAckReq);
}
// @ts-expect-error there is no such type of frame
if (phy.type === "beacon") console.log(phy);
`,
  );
  const compiler = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
  const options = {
    strict: true,
    noEmit: true,
    module: "nodenext",
    target: "es2022",
    lib: ["es2023", "dom"],
    types: [],
  };
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: options, files: ["use.ts"] }),
  );
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  try {
    execFileSync(process.execPath, [compiler, "-p", folder], { cwd: folder, encoding: "utf8" });
  } catch (error) {
    assert.unreachable((error as { stdout: string }).stdout);
  }
});

test("the five examples of the README print what they say", () => {
  const examples = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, text]) => text!);
  assert.is(examples.length, 5);
  examples.forEach((text, index) => {
    const said = [...text.matchAll(/(?:console\.log\(.*\); |^)\/\/ (.*)$/gm)].map(
      ([, line]) => line!,
    );
    assert.ok(said.length > 0);
    assert.equal(
      node(`example-${index + 1}.mjs`, text)
        .trimEnd()
        .split("\n"),
      said,
      `example ${index + 1}`,
    );
  });
});

test("the README names every export and every error code, and no other code", () => {
  for (const name of Object.keys(source)) assert.match(readme, new RegExp(`\`${name}\\b`), name);
  const union = readFileSync(join(here, "lorawan-error.ts"), "utf8").matchAll(/^ {2}\| "(\w+)"/gm);
  const table = readme.slice(readme.indexOf("## Error codes"), readme.indexOf("## Good to know"));
  const named = table
    .split("\n")
    .flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, code]) => code!));
  assert.equal(named.toSorted(), [...union].map(([, code]) => code!).toSorted());
});

test.run();
