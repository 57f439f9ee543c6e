/**
 * `moody-proxy`: a proxy that opens ways to one place with `CONNECT`, whatever name it is asked for,
 * and refuses, says nothing or dies when told to. Wants a name and a password.
 */
import { createServer } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";

export interface MoodyProxy {
  readonly url: string;
  /** What it answers instead of opening a way; undefined to open it. Ways that are open are cut. */
  refuse(status: number | undefined): void;
  /** Another password counts. Ways that are open are cut. */
  want(password: string): void;
  /** Every way is cut, and nobody listens until `rise`. */
  die(): Promise<void>;
  /** Listens again at the same port. */
  rise(): Promise<void>;
  /** Places it was asked for. */
  readonly asked: Set<string>;
  stop(): Promise<void>;
}

export async function moodyProxy(
  placePort: number,
  { user, password: first }: { readonly user: string; readonly password: string },
): Promise<MoodyProxy> {
  const open = new Set<Duplex>();
  const asked = new Set<string>();
  let refusal: number | undefined;
  let password = first;
  const keep = (socket: Duplex) => {
    if (open.has(socket)) return;
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
  };
  const server = createServer();
  server.on("connection", keep);
  server.on("connect", (request, near: Socket) => {
    asked.add(request.url ?? "");
    const pair = Buffer.from(`${user}:${password}`).toString("base64");
    const isKnown = request.headers["proxy-authorization"] === `Basic ${pair}`;
    const status = refusal ?? (isKnown ? 200 : 407);
    if (status !== 200) {
      near.end(`HTTP/1.1 ${status} No\r\ncontent-type: text/html\r\n\r\n<h1>No</h1>`);
      return;
    }
    const far = connect(placePort, "127.0.0.1");
    keep(far);
    near.write("HTTP/1.1 200 Connection established\r\n\r\n");
    near.pipe(far).pipe(near);
    near.once("close", () => far.destroy());
    far.once("close", () => near.destroy());
  });
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const close = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    cut();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${user}:${encodeURIComponent(first)}@127.0.0.1:${port}`,
    asked,
    refuse(status) {
      if (status === refusal) return;
      refusal = status;
      cut();
    },
    want(other) {
      if (other === password) return;
      password = other;
      cut();
    },
    die: close,
    async rise() {
      if (!server.listening) await listen(port);
    },
    async stop() {
      if (server.listening) await close();
    },
  };
}
