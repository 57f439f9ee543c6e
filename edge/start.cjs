/**
 * `start`: runs a bundled program with the code that V8 made of it last time, and keeps that code for the
 * next time. Half a second of a start on a small machine. Whatever is wrong with what was kept, V8 says so
 * and the program is translated as ever.
 *
 * `node start.cjs <program.cjs> [argument …]`: the program sees its own name and arguments.
 */
"use strict";
const { readFileSync, renameSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { dirname } = require("node:path");
const { constants, Script } = require("node:vm");

/** By then it has done once what it does again and again. */
const KEEP_AFTER_MS = 60_000;

process.argv.splice(1, 1);
const program = process.argv[1];
const kept = `${program}.v8`;

const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(program, "utf8")}\n})`;
const script = new Script(source, {
  filename: program,
  cachedData: whatWasKept(),
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
// Undefined where nothing was kept.
if (script.cachedDataRejected !== false) {
  process.once("exit", keep);
  setTimeout(() => {
    process.removeListener("exit", keep);
    keep();
  }, KEEP_AFTER_MS).unref();
}
const own = { exports: {} };
script.runInThisContext()(own.exports, createRequire(program), own, program, dirname(program));

function whatWasKept() {
  try {
    return readFileSync(kept);
  } catch {
    return undefined;
  }
}

function keep() {
  try {
    const fresh = `${kept}.${process.pid}`;
    writeFileSync(fresh, script.createCachedData());
    renameSync(fresh, kept);
  } catch {
    // No room, or not ours to write: it starts slower, that is all.
  }
}
