/**
 * `bad-line`: what lies between a gateway and its hub, and misbehaves when told to: it delays,
 * drops, cuts, swallows, or answers in the hub's place. Plain TCP; knows nothing of what it carries.
 */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export type Weather =
  /** Everything goes through. */
  | { readonly kind: "fair" }
  /** Nobody listens. */
  | { readonly kind: "down" }
  /** Connections are taken and nothing ever comes back. */
  | { readonly kind: "black-hole" }
  /** A page for whoever asks, whatever was asked. */
  | { readonly kind: "portal" }
  /** Each piece may be held back, and may be the last one of its connection. */
  | { readonly kind: "bad"; readonly cutShare: number; readonly delayMs: number };

export interface BadLine {
  readonly port: number;
  readonly url: string;
  weather: Weather;
  /** Bytes that went to the hub and came from it. */
  readonly carried: { up: number; down: number };
  /** Cuts all that is open. */
  cut(): void;
  stop(): Promise<void>;
}

const PORTAL = "<!doctype html><title>Wi-Fi</title><h1>Please accept our terms</h1>";

/** @param chance gives numbers from 0 to 1 */
export async function badLine(hubPort: () => number, chance: () => number): Promise<BadLine> {
  const open = new Set<Socket>();
  const carried = { up: 0, down: 0 };
  const line = { weather: { kind: "fair" } as Weather };

  const carry = (from: Socket, to: Socket, direction: "up" | "down") => {
    /** One piece never overtakes another: it is a stream. */
    let before: Promise<void> = Promise.resolve();
    from.on("data", (piece: Buffer) => {
      const { weather } = line;
      if (weather.kind === "black-hole") return;
      if (weather.kind === "bad" && chance() < weather.cutShare) {
        from.destroy();
        to.destroy();
        return;
      }
      const dueMs = performance.now() + (weather.kind === "bad" ? chance() * weather.delayMs : 0);
      before = before.then(async () => {
        const waitMs = dueMs - performance.now();
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
        if (to.destroyed) return;
        carried[direction] += piece.length;
        to.write(piece);
      });
    });
    from.on("close", () => void before.then(() => to.end()));
    from.on("error", () => to.destroy());
  };
  const server = createServer((near) => {
    open.add(near);
    near.once("close", () => open.delete(near));
    near.on("error", () => near.destroy());
    const { kind } = line.weather;
    if (kind === "down") {
      near.destroy();
      return;
    }
    if (kind === "black-hole") {
      near.resume();
      return;
    }
    if (kind === "portal") {
      near.once("data", () =>
        near.end(
          `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: ${PORTAL.length}\r\nconnection: close\r\n\r\n${PORTAL}`,
        ),
      );
      return;
    }
    const far = connect(hubPort(), "127.0.0.1");
    open.add(far);
    far.once("close", () => open.delete(far));
    carry(near, far, "up");
    carry(far, near, "down");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(line, {
    port,
    url: `http://127.0.0.1:${port}`,
    carried,
    cut() {
      for (const socket of open) socket.destroy();
    },
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}
