/**
 * `realm-prelude`: what is laid out in a realm before a maker's code comes in.
 *
 * It takes away what would make two machines answer differently: `Date` without arguments is the
 * uplink's time, `Math.random` always begins anew, there is no other clock. It is no boundary:
 * whatever the code does to it, only its own answer suffers, and `realm.ts` measures that answer
 * from outside.
 *
 * JavaScript in text, because it runs in QuickJS and must not be touched by a compiler here.
 */
import { LOG_CHARS, LOG_LINES, WORDS_CHARS } from "./limits.ts";

/** Most fields and items an answer may have. */
const MOST_NODES = 20_000;

/** Evaluates to `[adopt, run, words]`; `depth` is the deepest nesting of an answer. */
export const prelude = (depth: number): string => `(() => {
  "use strict";
  const { parse, stringify } = JSON, { keys } = Object, { construct } = Reflect, { isArray } = Array;
  let now = 0, seed = 0x2545f491, logs = [], found = {};

  const Native = Date;
  function Clocked(...args) {
    if (new.target === undefined) return new Native(now).toString();
    return construct(Native, args.length === 0 ? [now] : args, new.target);
  }
  Object.defineProperties(Clocked, {
    name: { value: "Date" }, length: { value: 7 }, prototype: { value: Native.prototype, writable: false },
    now: { value: () => now }, UTC: { value: Native.UTC }, parse: { value: Native.parse },
  });
  Object.defineProperty(Native.prototype, "constructor", { value: Clocked, writable: true, configurable: true });
  globalThis.Date = Clocked;
  Math.random = () => {
    seed ^= seed << 13; seed ^= seed >>> 17; seed ^= seed << 5;
    return (seed >>> 0) / 4294967296;
  };
  for (const name of ["SharedArrayBuffer", "Atomics", "WebAssembly", "WeakRef", "FinalizationRegistry"])
    delete globalThis[name];

  const print = (value) => {
    if (typeof value === "string") return value;
    try { return stringify(value) ?? String(value); } catch { return String(value); }
  };
  const log = (...values) => {
    if (logs.length < ${LOG_LINES}) logs[logs.length] = values.map(print).join(" ").slice(0, ${LOG_CHARS});
  };
  globalThis.console = { log, info: log, warn: log, error: log, debug: log };
  globalThis.module = { exports: {} };
  globalThis.exports = globalThis.module.exports;

  const words = (thrown) => {
    try {
      if (typeof thrown === "symbol") return "a symbol was thrown";
      if (thrown === null || typeof thrown !== "object") return String(thrown).slice(0, ${WORDS_CHARS});
      const line = /decoder\\.js:(\\d+)/.exec(typeof thrown.stack === "string" ? thrown.stack : "");
      const text = typeof thrown.message === "string" ? thrown.message : stringify(thrown);
      const name = typeof thrown.name === "string" ? thrown.name + ": " : "";
      return (name + text).slice(0, ${WORDS_CHARS}) + (line ? " (line " + line[1] + ")" : "");
    } catch { return "something was thrown that cannot be read"; }
  };

  const measure = (value, left, count) => {
    if (typeof value === "bigint") throw new TypeError("the answer holds a BigInt");
    if (typeof value !== "object" || value === null) return;
    if (left === 0) throw new RangeError("the answer goes in a circle or nests deeper than ${depth} levels");
    if (isArray(value)) {
      if ((count.n += value.length) > ${MOST_NODES}) throw new RangeError("the answer has too many items");
      for (let i = 0; i < value.length; i++) measure(value[i], left - 1, count);
    } else {
      const names = keys(value);
      if ((count.n += names.length) > ${MOST_NODES}) throw new RangeError("the answer has too many fields");
      for (let i = 0; i < names.length; i++) measure(value[names[i]], left - 1, count);
    }
  };

  const calls = {
    decodeUplink: (input) => {
      if (found.decodeUplink) return found.decodeUplink({ ...input, recvTime: new Clocked() });
      const data = found.Decode
        ? found.Decode(input.fPort, input.bytes, input.variables)
        : found.Decoder(input.bytes, input.fPort);
      return data !== null && typeof data === "object" && typeof data.then === "function" ? data : { data };
    },
    encodeDownlink: (input) => found.encodeDownlink(input),
    decodeDownlink: (input) => found.decodeDownlink(input),
  };
  const adopt = (functions) => {
    found = functions;
    return keys(functions).filter((name) => typeof functions[name] === "function").join();
  };
  const run = (name, input, at) => {
    let answer;
    try {
      now = at;
      const value = calls[name](parse(input));
      if (value === null || typeof value !== "object") throw new TypeError(name + " answered with no object");
      if (typeof value.then === "function") throw new TypeError(name + " answered with a promise");
      measure(value, ${depth}, { n: 0 });
      answer = '"value":' + stringify(value);
    } catch (error) { answer = '"thrown":' + stringify(words(error)); }
    return "{" + answer + ',"logs":' + stringify(logs) + "}";
  };
  return [adopt, run, words];
})()`;

/** Functions a script may bring, as TS013 and the servers before it name them. */
export const functionNames = [
  "decodeUplink",
  "encodeDownlink",
  "decodeDownlink",
  "Decode",
  "Decoder",
] as const;

/** Evaluates to the script's functions, declared at its top or exported as a module of old. */
export const finder = `({${functionNames
  .map(
    (name) =>
      `${name}: typeof ${name} === "function" ? ${name} : ((module || {}).exports || {}).${name}`,
  )
  .join()}})`;
