/** `free-port`: the usual port when nobody has it, else one the system chooses. */
import { createSocket } from "node:dgram";
import { createServer, type AddressInfo } from "node:net";

export type Protocol = "tcp" | "udp";

/** @param usual 0 for any */
export async function freePort(protocol: Protocol, usual: number): Promise<number> {
  return (await tried(protocol, usual)) ?? (await tried(protocol, 0)) ?? usual;
}

function tried(protocol: Protocol, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    if (protocol === "tcp") {
      const server = createServer();
      server.once("error", () => resolve(undefined));
      server.listen(port, "127.0.0.1", () => {
        const { port: given } = server.address() as AddressInfo;
        server.close(() => resolve(given));
      });
      return;
    }
    const socket = createSocket("udp4");
    socket.once("error", () => resolve(undefined));
    socket.bind(port, "127.0.0.1", () => {
      const { port: given } = socket.address();
      socket.close(() => resolve(given));
    });
  });
}
