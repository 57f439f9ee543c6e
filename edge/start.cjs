/**
 * `start`: runs a bundled program with the code that V8 made of it last time, and keeps that code for the
 * next time. Half a second of a start on a small machine. V8 runs what was kept as it is and looks at
 * its length and versions alone: one page that a power cut left empty would end every start (SIGSEGV). So
 * it stands behind a digest of itself and of its program; with another one the program is translated as ever.
 *
 * `node start.cjs <program.cjs> [argument …]`: the program sees its own name and arguments. Ends with 76
 * where the program cannot be read or is not what its last line says: the supervisor makes another.
 */
"use strict";
const { createHash } = require("node:crypto");
const { readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { dirname } = require("node:path");
const { Script } = require("node:vm");

/** By then it has done once what it does again and again. */
const KEEP_AFTER_MS = 60_000;

process.argv.splice(1, 1);
const program = process.argv[1];
const kept = `${program}.v8`;
/** Bytes of a SHA-256. */
const DIGEST = 32;
/** The last line of a program that `bundle` made; `bundle` writes it. */
const WHOLE = /^([^]*\n)\/\/ whole: ([0-9a-f]{64})\n$/;
/** `supervised` knows it. */
const DAMAGED = 76;

const digest = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const { said, script } = translated();
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

/** In a function of its own: the text is not held a second time beside V8's. */
function translated() {
  const { text, said } = wholeProgram();
  const source = `(function (exports, require, module, __filename, __dirname) {${text}\n})`;
  return { said, script: new Script(source, { filename: program, cachedData: whatWasKept(said) }) };
}

function wholeProgram() {
  const [, text, claimed] = WHOLE.exec(programText()) ?? [];
  // A string of its own: what was said is a piece of the whole text, and would hold it.
  const said = text === undefined ? "" : digest(text).toString("hex");
  if (text === undefined || said !== claimed) {
    process.stderr.write(`${program} is not whole\n`);
    process.exit(DAMAGED);
  }
  return { text, said };
}

/** Empty where there is none: another start cleared it away. */
function programText() {
  try {
    return readFileSync(program, "utf8");
  } catch {
    return "";
  }
}

function whatWasKept(said) {
  try {
    const bytes = readFileSync(kept);
    const code = bytes.subarray(DIGEST);
    return digest(said, code).equals(bytes.subarray(0, DIGEST)) ? code : undefined;
  } catch {
    return undefined;
  }
}

function keep() {
  const fresh = `${kept}.${process.pid}`;
  try {
    const code = script.createCachedData();
    writeFileSync(fresh, Buffer.concat([digest(said, code), code]));
    renameSync(fresh, kept);
  } catch {
    // No room, or not ours to write: it starts slower, that is all. What was begun takes no room.
    rmSync(fresh, { force: true });
  }
}
