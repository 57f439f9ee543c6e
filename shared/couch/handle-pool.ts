/**
 * `handle-pool`: open handles by name, closed by last use when there are too many.
 *
 * A handle is never closed while work runs on it, and never opened twice: LevelDB's lock allows
 * one. It knows nothing of what the handles are.
 */
import { Fault, isFault } from "#shared/model/fault.ts";

export interface HandlePoolOptions<H> {
  /** Handles kept open while idle; more are open only while they are all in use. */
  readonly maxOpen: number;
  /** @throws Fault "not_found" when there is nothing of that name and `mayCreate` is false */
  readonly open: (name: string, mayCreate: boolean) => Promise<H>;
  readonly close: (handle: H) => Promise<void>;
  /** True for an error after which the handle is of no more use and is opened anew. */
  readonly isFatal?: (error: unknown) => boolean;
}

interface Slot<H> {
  handle: Promise<H> | undefined;
  users: number;
  /** Set while the slot belongs to one who closes or destroys. */
  gate: Promise<void> | undefined;
  drained: (() => void) | undefined;
  /** To be closed as soon as nobody works on it. */
  isTired: boolean;
}

export class HandlePool<H> {
  readonly #options: HandlePoolOptions<H>;
  /** In order of last use, the longest unused first. */
  readonly #slots = new Map<string, Slot<H>>();
  #isClosed = false;

  constructor(options: HandlePoolOptions<H>) {
    this.#options = options;
  }

  /** How many handles are open now. */
  get openCount(): number {
    let count = 0;
    for (const slot of this.#slots.values()) if (slot.handle) count += 1;
    return count;
  }

  /** Runs `work` on the open handle of `name`, opening it first where needed. */
  async use<T>(name: string, work: (handle: H) => Promise<T>, mayCreate = false): Promise<T> {
    let slot = this.#slot(name);
    // Whoever waited asks anew: it may be another slot by now.
    for (; slot.gate; slot = this.#slot(name)) await slot.gate;
    if (this.#isClosed) throw new Fault("unavailable", "the databases are closed");
    slot.users += 1;
    this.#slots.delete(name);
    this.#slots.set(name, slot);
    try {
      const handle = await this.#handle(name, slot, mayCreate);
      return await work(handle);
    } catch (error) {
      if (this.#options.isFatal?.(error)) this.#exclusively(name, async () => {}).catch(() => {}); // The next use opens it anew and says what is wrong.
      throw error;
    } finally {
      slot.users -= 1;
      if (slot.users === 0) slot.drained?.();
      if (slot.isTired) this.release(name).catch(() => {}); // The next use opens it anew and says what is wrong.
      this.#forget(name, slot);
      this.#trim();
    }
  }

  /** Waits for the work under way, closes the handle and runs `work` while nobody else may open it. */
  async alone(name: string, work: () => Promise<void>): Promise<void> {
    await this.#exclusively(name, work);
  }

  /** Closes the handle of `name`: now, or, not waited for, when nobody works on it any more. */
  async release(name: string): Promise<void> {
    const slot = this.#slots.get(name);
    if (!slot?.handle || slot.gate) return;
    if (slot.users === 0) await this.#exclusively(name, async () => {});
    else slot.isTired = true;
  }

  /** Waits for the work under way, closes everything; later use is a Fault "unavailable". */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(
      [...this.#slots.keys()].map((name) => this.#exclusively(name, async () => {})),
    );
  }

  #slot(name: string): Slot<H> {
    let slot = this.#slots.get(name);
    if (!slot) {
      slot = {
        handle: undefined,
        users: 0,
        gate: undefined,
        drained: undefined,
        isTired: false,
      };
      this.#slots.set(name, slot);
    }
    return slot;
  }

  async #handle(name: string, slot: Slot<H>, mayCreate: boolean): Promise<H> {
    for (;;) {
      const opening = (slot.handle ??= this.#options.open(name, mayCreate));
      try {
        return await opening;
      } catch (error) {
        if (slot.handle === opening) slot.handle = undefined;
        // "Not found" is the answer to somebody else's opening, which was not allowed to create.
        if (!(mayCreate && isFault(error, "not_found"))) throw error;
      }
    }
  }

  async #exclusively(name: string, work: () => Promise<void>): Promise<void> {
    let slot = this.#slot(name);
    // Whoever waited asks anew: it may be another slot by now.
    for (; slot.gate; slot = this.#slot(name)) await slot.gate;
    let failure: { readonly error: unknown } | undefined;
    const run = async () => {
      try {
        if (slot.users > 0) await new Promise<void>((resolve) => (slot.drained = resolve));
        slot.drained = undefined;
        const handle = slot.handle;
        slot.handle = undefined;
        slot.isTired = false;
        if (handle) await this.#options.close(await handle);
        await work();
      } catch (error) {
        failure = { error };
      } finally {
        slot.gate = undefined;
        this.#forget(name, slot);
      }
    };
    // The gate itself never rejects: those who wait at it have nothing to do with the failure.
    slot.gate = run();
    await slot.gate;
    if (failure) throw failure.error;
  }

  /** A slot without a handle, a user and a gate is as good as none: there may be thousands of names. */
  #forget(name: string, slot: Slot<H>): void {
    const isIdle = !slot.handle && slot.users === 0 && !slot.gate;
    if (isIdle && this.#slots.get(name) === slot) this.#slots.delete(name);
  }

  #trim(): void {
    let tooMany = this.openCount - this.#options.maxOpen;
    if (tooMany <= 0) return;
    for (const [name, slot] of this.#slots) {
      if (tooMany <= 0) return;
      if (!slot.handle || slot.users > 0 || slot.gate) continue;
      tooMany -= 1;
      this.#exclusively(name, async () => {}).catch(() => {});
    }
  }
}
