import { suite } from "uvu";
import * as assert from "uvu/assert";
import { systemClock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import { openSandbox, type Sandbox } from "./sandbox.ts";
import { scriptedDecoder } from "./scripted-decoder.ts";

const recvAt = Date.UTC(2026, 6, 1, 12);
const uplink = { bytes: Uint8Array.of(1, 2), fPort: 7, recvAt };
let made = 0;
const script = (source: string) => ({ id: `script-${++made}`, version: 1, source });
const faultOf = async (promise: Promise<unknown>): Promise<Fault> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Fault) return error;
  throw error ?? new Error("no fault");
};

const it = suite<{ sandbox: Sandbox }>("the sandbox");
it.before(async (context) => {
  context.sandbox = await openSandbox({ clock: systemClock });
});
it.after(({ sandbox }) => sandbox.close());

it("calls decodeUplink with TS013's input", async ({ sandbox }) => {
  const source = `function decodeUplink(input) {
    return { data: { bytes: input.bytes, isList: Array.isArray(input.bytes), fPort: input.fPort,
      time: input.recvTime instanceof Date && input.recvTime.toISOString(), variables: input.variables }, warnings: ["low"] };
  }`;
  assert.equal(await sandbox.decodeUplink(script(source), { ...uplink, variables: { k: "v" } }), {
    data: {
      bytes: [1, 2],
      isList: true,
      fPort: 7,
      time: "2026-07-01T12:00:00.000Z",
      variables: { k: "v" },
    },
    warnings: ["low"],
    logs: [],
  });
});

it("calls the functions of older servers, and those exported as a module or a constant", async ({
  sandbox,
}) => {
  for (const source of [
    "function Decoder(bytes, port) { return { sum: bytes[0] + bytes[1] + port }; }",
    "function Decode(fPort, bytes, variables) { return { sum: bytes[0] + bytes[1] + fPort }; }",
    "module.exports = { decodeUplink: (i) => ({ data: { sum: i.bytes[0] + i.bytes[1] + i.fPort } }) };",
    "exports.decodeUplink = (i) => ({ data: { sum: i.bytes[0] + i.bytes[1] + i.fPort } });",
    "const decodeUplink = (i) => ({ data: { sum: i.bytes[0] + i.bytes[1] + i.fPort } });",
    "decodeUplink = function (i) { total = i.bytes[0] + i.bytes[1] + i.fPort; return { data: { sum: total } } }",
    "Array.prototype.total = function () { return this.reduce((a, b) => a + b) }; function Decoder(b, p) { return { sum: b.total() + p } }",
  ])
    assert.equal((await sandbox.decodeUplink(script(source), uplink)).data, { sum: 10 }, source);
});

it("encodes and decodes downlinks", async ({ sandbox }) => {
  const both =
    script(`function encodeDownlink(input) { return { bytes: [input.data.open ? 1 : 0], fPort: 9 }; }
    function decodeDownlink(input) { return { data: { open: input.bytes[0] === 1, fPort: input.fPort } }; }`);
  const { bytes, fPort } = await sandbox.encodeDownlink(both, { data: { open: true }, at: recvAt });
  assert.equal([...bytes], [1]);
  assert.is(fPort, 9);
  const { data } = await sandbox.decodeDownlink(both, { bytes, fPort, at: recvAt });
  assert.equal(data, { open: true, fPort: 9 });
  assert.is((await faultOf(sandbox.decodeUplink(both, uplink))).details["why"], "function_missing");
});

it("refuses a downlink that no frame could carry", async ({ sandbox }) => {
  for (const answer of [
    "{}",
    "{ bytes: [256] }",
    "{ bytes: [1.5] }",
    "{ bytes: ['1'] }",
    "{ bytes: new Array(243).fill(0) }",
    "{ bytes: [1], fPort: 0 }",
    "{ bytes: [1], fPort: 224 }",
  ]) {
    const one = script(`function encodeDownlink() { return ${answer}; }`);
    assert.is(
      (await faultOf(sandbox.encodeDownlink(one, { data: {}, at: 0 }))).code,
      "invalid",
      answer,
    );
  }
});

it("hands on the script's own errors, printable and within bounds", async ({ sandbox }) => {
  const source = `function decodeUplink() { console.log("seen", { a: 1 }); return { errors: ["wrong\\u0000 \\u202eport", "x".repeat(9999)] }; }`;
  const fault = await faultOf(sandbox.decodeUplink(script(source), uplink));
  assert.is(fault.details["why"], "errors");
  assert.match(fault.message, /^The decoder refuses it: wrong port; x+$/);
  assert.ok(fault.message.length < 600);
  assert.equal(fault.details["logs"], ['seen {"a":1}']);
});

it("says where a script failed", async ({ sandbox }) => {
  const thrown = await faultOf(
    sandbox.decodeUplink(script("function decodeUplink(i) {\n  return missing(i);\n}"), uplink),
  );
  assert.match(thrown.message, /missing.*\(line 2\)/);
  const syntax = await faultOf(sandbox.check("function decodeUplink( {\n"));
  assert.is(syntax.details["why"], "syntax");
  assert.match(syntax.message, /line \d/);
});

it("names the functions of a source, and refuses one without any", async ({ sandbox }) => {
  const source = "function decodeUplink() {} function encodeDownlink() {} function other() {}";
  assert.equal(await sandbox.check(source), { functions: ["decodeUplink", "encodeDownlink"] });
  assert.is((await faultOf(sandbox.check("var x = 1;"))).details["why"], "function_missing");
  assert.is((await faultOf(sandbox.check(" ".repeat(300_000)))).code, "too_large");
});

it("has no clock, no chance and no time zone of its own", async ({ sandbox }) => {
  const source = `const loaded = Date.now(); function decodeUplink() { const local = new Date(2026, 0, 15, 13, 30);
    return { data: { loaded, now: Date.now(), plain: new Date().toISOString(), text: typeof Date(), year: new Date().getFullYear(),
      zone: new Date().getTimezoneOffset(), local: local.toISOString(), parsed: Date.parse("2026-01-15T13:30:00"),
      via: new (new Date(5).constructor)().getTime(), dice: [Math.random(), Math.random()] } }; }`;
  const one = script(source);
  const first = (await sandbox.decodeUplink(one, uplink)).data as { dice: number[] };
  assert.equal(first, {
    loaded: 0,
    now: recvAt,
    plain: "2026-07-01T12:00:00.000Z",
    text: "string",
    year: 2026,
    zone: 0,
    local: "2026-01-15T13:30:00.000Z",
    parsed: Date.UTC(2026, 0, 15, 13, 30),
    via: recvAt,
    dice: first.dice,
  });
  assert.ok(first.dice.every((die) => die >= 0 && die < 1) && first.dice[0] !== first.dice[1]);
  const other = await openSandbox({ clock: systemClock });
  assert.equal((await other.decodeUplink(one, uplink)).data, first);
  await other.close();
});

it("keeps at most so many lines of so many letters of what a script prints", async ({
  sandbox,
}) => {
  const source = `function decodeUplink() { for (let i = 0; i < 1000; i++) console.log(i, "y".repeat(1000)); return { data: {} }; }`;
  const { logs } = await sandbox.decodeUplink(script(source), uplink);
  assert.is(logs.length, 50);
  assert.ok(logs.every((line) => line.length <= 200));
});

it("takes another text under the same name for another script", async ({ sandbox }) => {
  const first = script("function Decoder() { return { is: 1 }; }");
  const second = { ...first, source: "function Decoder() { return { is: 2 }; }" };
  for (const [one, is] of [
    [first, 1],
    [second, 2],
    [first, 1],
  ] as const)
    assert.equal((await sandbox.decodeUplink(one, uplink)).data, { is });
});

it("keeps few scripts ready and makes the others ready again when they are asked", async () => {
  const sandbox = await openSandbox({ clock: systemClock, limits: { readyScripts: 2 } });
  const scripts = [1, 2, 3, 4].map((is) => script(`function Decoder() { return { is: ${is} }; }`));
  for (const round of [1, 2])
    for (const [i, one] of scripts.entries())
      assert.equal((await sandbox.decodeUplink(one, uplink)).data, { is: i + 1 }, String(round));
  await sandbox.close();
});

it("refuses what is too much, and whatever comes after its end", async () => {
  const sandbox = await openSandbox({ clock: systemClock, limits: { waitingCalls: 3 } });
  const one = script("function Decoder() { return {}; }");
  const long = sandbox.decodeUplink(one, { ...uplink, bytes: new Uint8Array(60_000) });
  assert.is((await faultOf(long)).code, "too_large");
  const calls = [1, 2, 3, 4].map(() =>
    sandbox.decodeUplink(one, uplink).then(
      () => "ok",
      (error: Fault) => error.code,
    ),
  );
  assert.equal(await Promise.all(calls), ["ok", "ok", "ok", "too_many"]);
  const waits = faultOf(sandbox.decodeUplink(one, uplink));
  await sandbox.close();
  assert.is((await waits).code, "unavailable");
  assert.is((await faultOf(sandbox.decodeUplink(one, uplink))).code, "unavailable");
});

it("makes a decoder of a script and a mapping", async ({ sandbox }) => {
  const decoder = scriptedDecoder(
    sandbox,
    script(
      "function decodeUplink(i) { return { data: { water: (i.bytes[0] * 256 + i.bytes[1]) / 1000, battery: 3.6, odd: 1 } }; }",
    ),
    { fields: [{ path: "water", register: "8-0:1.0.0", unit: "m3" }] },
  );
  assert.equal(await decoder.decode(uplink.bytes, { fPort: 7, heardAt: recvAt }), [
    { values: [{ register: "8-0:1.0.0", n: 258, scale: -3, unit: "m3" }] },
  ]);
});

it.run();
