/**
 * `tls-door`: what speaks TLS before a hub that does not, with whatever certificate it is told to
 * show. Sees what is asked, so that a line can be cut at a certain word.
 */
import { connect, type AddressInfo, type Socket } from "node:net";
import { createServer } from "node:tls";
import type { Certificate } from "./authority.ts";

export interface TlsDoor {
  readonly port: number;
  /** Shows another certificate from now on, also to whoever is connected: they have to come again. */
  show(certificate: Certificate): void;
  /**
   * Resolves when somebody asks for `path`, once: half of that piece went through, and nothing of its
   * connection does any more.
   */
  heldAt(path: RegExp): Promise<void>;
  stop(): Promise<void>;
}

export async function tlsDoor(hubPort: number, first: Certificate): Promise<TlsDoor> {
  const open = new Set<Socket>();
  let shown = first;
  let watched: { readonly path: RegExp; readonly seen: () => void } | undefined;
  const keep = (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    // A handshake that the other side breaks off, and what was cut: nothing to tell anybody.
    socket.on("error", () => socket.destroy());
  };
  const server = createServer({ ...first }, (near) => {
    keep(near);
    const far = connect(hubPort, "127.0.0.1");
    keep(far);
    let isHeld = false;
    near.on("data", (piece: Buffer) => {
      if (isHeld) return;
      if (watched && watched.path.test(piece.toString("latin1"))) {
        isHeld = true;
        far.write(piece.subarray(0, piece.length / 2));
        watched.seen();
        watched = undefined;
      } else far.write(piece);
    });
    far.on("data", (piece: Buffer) => void near.write(piece));
    near.once("close", () => far.destroy());
    far.once("close", () => near.destroy());
  });
  // Whoever does not like the certificate goes.
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  server.on("connection", keep);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    show(other) {
      if (other === shown) return;
      shown = other;
      server.setSecureContext({ ...other });
      cut();
    },
    heldAt: (path) => new Promise((seen) => (watched = { path, seen })),
    async stop() {
      cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
