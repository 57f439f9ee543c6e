/**
 * `realm`: one script in a QuickJS of its own, put back to its beginning after every call.
 *
 * The engine's whole state lies in one WebAssembly memory. It is copied once the script has been
 * evaluated (some 40 pages), and written back after each call: whatever a call did to prototypes,
 * globals or the heap is gone, as in a fresh realm, at the price of a reused one (decision 1).
 * No function of this process is ever handed in. A realm that ended in any odd way is thrown away.
 */
import release from "@jitl/quickjs-wasmfile-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSSyncVariant,
} from "quickjs-emscripten-core";
import type { SandboxLimits } from "./limits.ts";
import { finder, prelude } from "./realm-prelude.ts";
import type { Callable, Stopped } from "./worker-messages.ts";

/** Its types describe the CommonJS build, whose default export is one level further down. */
const variant = release as unknown as QuickJSSyncVariant;

const PAGE = 4096;
/** WebAssembly's own pages, bytes. */
const WASM_PAGE = 65_536;
/** What the engine is built to begin with, and what it needs beside a script's memory. */
const FIRST_BYTES = 16 * 1024 * 1024;
/** Beyond outputDepth and outputBytes: the envelope and the log lines. */
const ENVELOPE_DEPTH = 2;
const ENVELOPE_BYTES = 64 * 1024;

/** A call or a script that had to be stopped; `isEngine` when the engine itself lost its way. */
export class RealmStop extends Error {
  readonly why: Stopped;
  readonly isEngine: boolean;
  constructor(why: Stopped, words: string, isEngine = false) {
    super(words);
    this.why = why;
    this.isEngine = isEngine;
  }
}

export interface Realm {
  /** Names of the functions the script brings. */
  readonly functions: readonly string[];
  /** False once it must not be used again. */
  readonly isSound: boolean;
  /**
   * @param input JSON text, parsed inside
   * @param now epoch ms, what the script's clock says
   * @returns JSON text `{value | thrown, logs}` of bounded size and depth
   * @throws RealmStop
   */
  call(name: Callable, input: string, now: number): string;
}

/** @throws RealmStop when the script cannot be evaluated */
export async function openRealm(
  wasm: WebAssembly.Module,
  source: string,
  limits: SandboxLimits,
): Promise<Realm> {
  const wasmMemory = new WebAssembly.Memory({
    initial: FIRST_BYTES / WASM_PAGE,
    maximum: Math.ceil((FIRST_BYTES + limits.memoryBytes) / WASM_PAGE),
  });
  const engine = await newQuickJSWASMModuleFromVariant(
    newVariant(variant, { wasmModule: wasm, wasmMemory }),
  );
  const runtime = engine.newRuntime();
  runtime.setMemoryLimit(limits.memoryBytes);
  runtime.setMaxStackSize(limits.stackBytes);
  let interrupts = 0;
  runtime.setInterruptHandler(() => ++interrupts > limits.interrupts);
  const vm = runtime.newContext();

  /** What a failed call means; asks nothing of the script. */
  const stopOf = (otherwise: Stopped, words: string): RealmStop => {
    if (interrupts > limits.interrupts)
      return new RealmStop("budget", "it ran longer than any decoder needs");
    if (/out of memory/.test(words)) return new RealmStop("memory", "it asked for too much memory");
    if (/stack overflow/.test(words)) return new RealmStop("stack", "it calls itself too deeply");
    return new RealmStop(otherwise, words);
  };

  const state = guarded(() => {
    const pieces = vm.unwrapResult(vm.evalCode(prelude(limits.outputDepth), "prelude.js"));
    const [adopt, run, words] = [0, 1, 2].map((i) => vm.getProp(pieces, i)) as [
      QuickJSHandle,
      QuickJSHandle,
      QuickJSHandle,
    ];
    const tell = (error: QuickJSHandle): string => {
      const told = vm.callFunction(words, vm.undefined, error);
      return told.error ? "" : vm.getString(told.value);
    };
    const evaluate = (code: string, name: string): QuickJSHandle => {
      const result = vm.evalCode(code, name, { type: "global" });
      if (!result.error) return result.value;
      throw stopOf("syntax", tell(result.error));
    };
    evaluate(source, "decoder.js");
    const found = evaluate(finder, "finder.js");
    const adopted = vm.callFunction(adopt, vm.undefined, found);
    if (adopted.error) throw stopOf("syntax", tell(adopted.error));
    const names = vm.getString(adopted.value);
    // Made on first use and kept on this side: they must be part of what is written back.
    void [vm.undefined, vm.null, vm.true, vm.false, vm.global];
    return { run, tell, names };
  });
  const pages = pagesOf(wasmMemory.buffer);
  let isSound = true;
  let hasTripped = false;

  return {
    functions: state.names === "" ? [] : state.names.split(","),
    get isSound() {
      return isSound;
    },
    call(name, input, now) {
      interrupts = 0;
      isSound = false;
      try {
        return guarded(() => {
          const given = [vm.newString(name), vm.newString(input), vm.newNumber(now)];
          const result = vm.callFunction(state.run, vm.undefined, ...given);
          if (result.error) throw stopOf("thrown", state.tell(result.error));
          return textOf(vm, result.value, limits);
        });
      } catch (error) {
        hasTripped = !(error instanceof RealmStop) || error.isEngine;
        throw error;
      } finally {
        // One that made the engine grow is given up too: memory of this kind never shrinks.
        if (!hasTripped && wasmMemory.buffer.byteLength === FIRST_BYTES) {
          putBack(wasmMemory.buffer, pages);
          isSound = true;
        }
      }
    },
  };
}

/** An engine that trips over itself (its own stack, an assertion) says so in exceptions of this side. */
function guarded<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof RealmStop) throw error;
    throw new RealmStop("stack", "the engine gave up on it", true);
  }
}

function textOf(vm: QuickJSContext, value: QuickJSHandle, limits: SandboxLimits): string {
  const most = limits.outputBytes + ENVELOPE_BYTES;
  if (vm.typeof(value) !== "string" || vm.getNumber(vm.getProp(value, "length")) > most)
    throw new RealmStop("output", `its answer is longer than ${limits.outputBytes} bytes`);
  const text = vm.getString(value);
  if (Buffer.byteLength(text) > most)
    throw new RealmStop("output", `its answer is longer than ${limits.outputBytes} bytes`);
  if (depthOf(text) > limits.outputDepth + ENVELOPE_DEPTH)
    throw new RealmStop("output", `its answer nests deeper than ${limits.outputDepth} levels`);
  return text;
}

/** How deep brackets outside of text nest. */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let isText = false;
  for (let i = 0; i < json.length; i++) {
    const letter = json[i];
    if (isText && letter === "\\") i++;
    else if (letter === '"') isText = !isText;
    else if (isText) continue;
    else if (letter === "[" || letter === "{") deepest = Math.max(deepest, ++depth);
    else if (letter === "]" || letter === "}") depth--;
  }
  return deepest;
}

interface Pages {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Copies of all stretches of pages that are not empty. Compared natively: there are 4,096 of them. */
function pagesOf(buffer: ArrayBuffer): Pages[] {
  const empty = Buffer.alloc(PAGE);
  const stretches: { from: number; to: number }[] = [];
  for (let at = 0; at < buffer.byteLength; at += PAGE) {
    if (empty.equals(Buffer.from(buffer, at, PAGE))) continue;
    const last = stretches.at(-1);
    if (last?.to === at) last.to = at + PAGE;
    else stretches.push({ from: at, to: at + PAGE });
  }
  return stretches.map(({ from, to }) => ({
    at: from,
    bytes: new Uint8Array(buffer.slice(from, to)),
  }));
}

function putBack(buffer: ArrayBuffer, pages: readonly Pages[]): void {
  const memory = new Uint8Array(buffer);
  for (const { at, bytes } of pages) memory.set(bytes, at);
}
