import { suite } from "uvu";
import * as assert from "uvu/assert";
import { systemClock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import { openSandbox, type Sandbox, type Script } from "./sandbox.ts";

/** A real thread and a real engine: time is the machine's own here. */
export const timeoutMs = 120_000;

const honest: Script = {
  id: "honest",
  version: 1,
  source: `function decodeUplink(input) { return { data: { sum: input.bytes.reduce((a, b) => a + b, 0), at: Date.now() } }; }`,
};
const uplink = { bytes: Uint8Array.of(1, 2, 250), fPort: 2, recvAt: 1_700_000_000_000 };
const right = { sum: 253, at: 1_700_000_000_000 };

const body = (code: string) => `function decodeUplink(input) { ${code} }`;

/** Each attack with the reason it must end for, or the data it may answer with. */
const attacks: Readonly<Record<string, { source: string; why?: string; data?: unknown }>> = {
  "an endless loop": { source: body("for (;;);"), why: "budget" },
  "an endless loop at its top": { source: "for (;;);", why: "budget" },
  "an endless loop that catches everything": {
    source: body("for (;;) try { for (;;); } catch {}"),
    why: "budget",
  },
  "deep recursion": { source: body("return decodeUplink(input);"), why: "thrown" },
  "an array that doubles": {
    source: body("let a = [1]; for (;;) a = a.concat(a);"),
    why: "thrown",
  },
  "text that doubles": { source: body("let s = 'x'; for (;;) s += s;"), why: "thrown" },
  "memory in small pieces": {
    source: body("const a = []; for (;;) a.push(new Array(1000).fill(1));"),
    why: "thrown",
  },
  "a huge buffer": { source: body("return { data: new Uint8Array(1e9) };"), why: "thrown" },
  "deep JSON read": {
    source: body("return { data: JSON.parse('['.repeat(1e5) + ']'.repeat(1e5)) };"),
    why: "thrown",
  },
  "a deep answer": {
    source: body("let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; return { data: o };"),
    why: "thrown",
  },
  "an answer that goes in a circle": {
    source: body("const o = {}; o.o = o; return { data: o };"),
    why: "thrown",
  },
  "an answer that is deep only when it is written": {
    source: body(
      "return { data: { toJSON() { let o = 1; for (let i = 0; i < 99; i++) o = [o]; return o; } } };",
    ),
    why: "output",
  },
  "a getter that throws": {
    source: body("return { data: { get x() { throw new Error('ha'); } } };"),
    why: "thrown",
  },
  "a getter that loops": {
    source: body("return { data: { get x() { for (;;); } } };"),
    why: "budget",
  },
  "a proxy that lies": {
    source: body("return { data: new Proxy({}, { ownKeys() { throw 1; } }) };"),
    why: "thrown",
  },
  "huge output": { source: body("return { data: { x: 'x'.repeat(3e5) } };"), why: "output" },
  "very many fields": {
    source: body(
      "const o = {}; for (let i = 0; i < 30000; i++) o['f' + i] = i; return { data: o };",
    ),
    why: "thrown",
  },
  "a thrown number": { source: body("throw 42;"), why: "thrown" },
  "a thrown symbol": { source: body("throw Symbol('s');"), why: "thrown" },
  "a thrown null": { source: body("throw null;"), why: "thrown" },
  "a thrown object whose words loop": {
    source: body("throw { get message() { for (;;); } };"),
    why: "budget",
  },
  "a thrown object whose words throw": {
    source: body("throw { get message() { throw 1; } };"),
    why: "thrown",
  },
  "an object thrown at its top whose words loop": {
    source: "throw { get message() { for (;;); } };",
    why: "budget",
  },
  "a promise": { source: body("return Promise.resolve({ data: {} });"), why: "thrown" },
  "an async function": {
    source: "async function decodeUplink() { return { data: {} }; }",
    why: "thrown",
  },
  "an async function of old": { source: "async function Decoder() { return {}; }", why: "thrown" },
  "a function instead of data": { source: body("return { data: () => 1 };"), why: "output" },
  nothing: { source: body(""), why: "thrown" },
  "a BigInt": { source: body("return { data: { x: 1n } };"), why: "thrown" },
  "no numbers": {
    source: body("return { data: { a: NaN, b: Infinity, c: Symbol(), d() {}, e: undefined } };"),
    data: { a: null, b: null },
  },
  "an endless generator": {
    source: body("function* g() { for (;;) yield 1; } return { data: { x: [...g()] } };"),
    why: "thrown",
  },
  "a generator as a value": {
    source: body("function* g() { for (;;) yield 1; } return { data: { x: g() } };"),
    data: { x: {} },
  },
  "the way to the process": {
    source: body("return this.constructor.constructor('return process')();"),
    why: "thrown",
  },
  "everything a host would have": {
    source: body(
      `return { data: { found: ["process", "require", "fetch", "setTimeout", "setInterval", "queueMicrotask", "Buffer",
        "WebAssembly", "SharedArrayBuffer", "Atomics", "Worker", "performance", "std", "os", "WeakRef", "XMLHttpRequest"]
        .filter((name) => typeof globalThis[name] !== "undefined") } };`,
    ),
    data: { found: [] },
  },
  "an import that is waited for": {
    source: body(
      "import('node:fs').then((fs) => { globalThis.fs = fs; }); return { data: { fs: typeof fs } };",
    ),
    data: { fs: "undefined" },
  },
  "a static import": { source: `import fs from "node:fs"; ${body("")}`, why: "syntax" },
  "waiting on shared memory": {
    source: body("Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0);"),
    why: "thrown",
  },
  "no code at all": { source: "\u0000\ud800 }{", why: "syntax" },
  "a catastrophic pattern": {
    source: body("return { data: { x: /^(a+)+$/.test('a'.repeat(50) + 'b') } };"),
    why: "budget",
  },
  "deeply nested code": { source: "(".repeat(100_000), why: "stack" },
};

/** What no counter sees: the engine itself is busy. The watchdog ends its worker. */
const stuck: Readonly<Record<string, string>> = {
  "recursion that tries again at its end": body(
    "(function f() { try { f(); } finally { f(); } })();",
  ),
  "an endless native loop": body("Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);"),
};

const limits = { watchdogMs: 3000 };
const whyOf = (error: unknown) => {
  if (!(error instanceof Fault)) throw error;
  assert.is(error.code, "invalid");
  assert.ok(error.message.length < 700);
  return error.details["why"];
};

const attacked = suite<{ sandbox: Sandbox }>("attacks on the sandbox");
attacked.before(async (context) => {
  context.sandbox = await openSandbox({ clock: systemClock, limits });
});
attacked.after(({ sandbox }) => sandbox.close());

for (const [name, { source, why, data }] of Object.entries(attacks))
  attacked(`${name} is answered, and disturbs nobody`, async ({ sandbox }) => {
    const kills = sandbox.stats.kills;
    const beside = sandbox.decodeUplink(honest, uplink);
    const attack = sandbox.decodeUplink({ id: name, version: 1, source }, uplink);
    const after = sandbox.decodeUplink(honest, uplink);
    if (why === undefined) assert.equal((await attack).data, data);
    else
      assert.is(
        await attack.then(
          (output) => output.data,
          (error: unknown) => whyOf(error),
        ),
        why,
      );
    assert.equal((await beside).data, right);
    assert.equal((await after).data, right);
    assert.is(sandbox.stats.kills, kills);
  });

for (const [name, source] of Object.entries(stuck))
  attacked(`${name} costs its worker, and nobody else's answer`, async ({ sandbox }) => {
    const { kills } = sandbox.stats;
    const script = { id: name, version: 1, source };
    const calls = [
      sandbox.decodeUplink(honest, uplink),
      sandbox.decodeUplink(script, uplink).catch(whyOf),
      sandbox.decodeUplink(honest, uplink),
      sandbox.check(honest.source),
    ];
    const [before, attack, after, checked] = await Promise.all(calls);
    assert.equal((before as { data: unknown }).data, right);
    assert.is(attack, "watchdog");
    assert.equal((after as { data: unknown }).data, right);
    assert.equal(checked, { functions: ["decodeUplink"] });
    assert.is(sandbox.stats.kills, kills + 1);

    assert.is(await sandbox.decodeUplink(script, uplink).catch(whyOf), "quarantined");
    assert.is(sandbox.stats.kills, kills + 1);
    assert.equal(sandbox.stats.quarantined.includes(`${name}@1`), true);
    const mended = { ...script, version: 2, source: honest.source };
    assert.equal((await sandbox.decodeUplink(mended, uplink)).data, right);
    assert.equal(sandbox.stats.quarantined.includes(`${name}@1`), false);
  });

const polluter: Script = {
  id: "polluter",
  version: 1,
  source: `
    var count = 0; let own = []; const kept = { n: 0 };
    function decodeUplink(input) {
      const seen = {
        count: ++count, own: own.push(1), kept: ++kept.n, leaked: typeof leaked,
        pushed: String([].push).includes("native"), added: typeof Object.prototype.added,
        json: JSON.stringify({ a: 1 }), max: Math.max(1, 2), random: Math.random(), date: new Date().getTime(),
      };
      leaked = 1;
      Object.prototype.added = 1;
      Object.prototype.toJSON = () => "mine";
      Array.prototype.push = () => { throw new Error("mine"); };
      JSON.stringify = JSON.parse = Math.max = Math.random = () => 7;
      Object.defineProperty(globalThis, "Date", { value: 1, configurable: false });
      Object.freeze(Array.prototype); Object.freeze(globalThis);
      kept.n = 100;
      delete Object.prototype.toJSON;
      return { data: seen };
    }`,
};
attacked("a call finds nothing of what the call before it changed", async ({ sandbox }) => {
  const first = await sandbox.decodeUplink(polluter, uplink);
  assert.equal(first.data, {
    count: 1,
    own: 1,
    kept: 1,
    leaked: "undefined",
    pushed: true,
    added: "undefined",
    json: '{"a":1}',
    max: 2,
    random: (first.data as { random: number }).random,
    date: uplink.recvAt,
  });
  for (let i = 0; i < 5; i++)
    assert.equal((await sandbox.decodeUplink(polluter, uplink)).data, first.data);
});

attacked("a script cannot write its own envelope", async ({ sandbox }) => {
  const source = body(
    `Object.prototype.toJSON = String.prototype.toJSON = Array.prototype.toJSON = () => ({ value: 1 }); return { data: { x: 1 } };`,
  );
  const answer = await sandbox.decodeUplink({ id: "envelope", version: 1, source }, uplink).then(
    () => "an answer",
    (error: unknown) => whyOf(error),
  );
  assert.is(answer, "output");
  assert.equal((await sandbox.decodeUplink(honest, uplink)).data, right);
});

attacked.run();
