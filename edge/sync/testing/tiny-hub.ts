/**
 * `tiny-hub`: as much of a hub as a gateway's link needs, over real HTTP, that plays badly when told to.
 *
 * Not the hub: it believes every token. What the real one does with them is tried where it lives.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { replicationPeer } from "#shared/couch/replication-peer.ts";
import { isFault } from "#shared/model/fault.ts";
import type { TenantName } from "#shared/model/ids.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";

/** What is answered instead of the right thing; undefined for the right thing. */
export type Mischief = (
  path: string,
) => { readonly status: number; readonly body: string; readonly type?: string } | undefined;

const JSON_TYPE = "application/json";
const STATUS = { not_found: 404, conflict: 409 } as const;

export async function tinyHub() {
  const databases = openMemoryDatabases();
  const peer = replicationPeer(databases);
  const told = {
    communities: [] as { tenant: TenantName; name: string; site: string }[],
    mischief: (() => undefined) as Mischief,
    /** Says why a document is refused. */
    refuses: (_id: string): string | undefined => undefined,
    /** Databases asked for, in order. */
    asked: [] as string[],
  };

  const token = () => ({
    status: 200,
    said: {
      data: {
        access_token: "a-token",
        expires_in: 600,
        hub_time: new Date().toISOString(),
        communities: told.communities,
      },
    },
  });
  const sync = async (method: string, url: URL, body: unknown) => {
    const [, , name = "", ...rest] = url.pathname.split("/");
    const [what = "", id = ""] = rest.map(decodeURIComponent);
    told.asked.push(name);
    if (what === "_local" && method === "PUT")
      return peer.putLocal(name, id, body as object).then((said) => ({ status: 201, said }));
    if (what === "_local") return { status: 200, said: await peer.getLocal(name, id) };
    if (what === "_revs_diff")
      return { status: 200, said: await peer.revsDiff(name, body as Record<string, string[]>) };
    if (what === "_bulk_docs") {
      const { docs } = body as { docs: { _id: string }[] };
      const judge = ({ _id }: { _id: string }) => told.refuses(_id);
      const said = await peer.bulkDocs(name, { docs, newEdits: false, judge });
      return { status: 201, said: said.filter((one) => !("ok" in one)) };
    }
    if (what === "_changes") {
      const [since, limit] = ["since", "limit"].map((key) => Number(url.searchParams.get(key)));
      const said = await peer.changes(name, {
        since: since ?? 0,
        limit: limit || 100,
        style: "all_docs",
        includeDocs: false,
      });
      return { status: 200, said };
    }
    const { docs } = body as { docs: { id: string; rev: string }[] };
    const results = [];
    for (const doc of docs)
      results.push({
        id: doc.id,
        docs: await peer.get(name, doc.id, { openRevs: [doc.rev], revs: true, latest: true }),
      });
    return { status: 200, said: { results } };
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? "/", "http://hub");
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const bytes = Buffer.concat(parts);
    const isSqueezed = request.headers["content-encoding"] === "gzip";
    const text = (isSqueezed ? gunzipSync(bytes) : bytes).toString("utf8");
    const bad = told.mischief(url.pathname);
    if (bad)
      return response
        .writeHead(bad.status, { "content-type": bad.type ?? JSON_TYPE })
        .end(bad.body);
    const { status, said } = await (
      url.pathname.endsWith("/token")
        ? Promise.resolve(token())
        : sync(request.method ?? "", url, text === "" ? undefined : JSON.parse(text))
    ).catch((error: unknown) => ({
      status: isFault(error) ? (STATUS[error.code as keyof typeof STATUS] ?? 400) : 500,
      said: { error: isFault(error) ? error.code : "internal", reason: String(error) },
    }));
    return response.writeHead(status, { "content-type": JSON_TYPE }).end(JSON.stringify(said));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    told,
    databases,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await databases.close();
    },
  };
}
