/**
 * `tiny-hub`: as much of a hub as a gateway's link needs, over real HTTP, that plays badly when told to.
 *
 * Not the hub: it believes every token. What the real one does with them is tried where it lives.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { heldDigest } from "#shared/couch/held-digest.ts";
import { replicationPeer } from "#shared/couch/replication-peer.ts";
import { databaseName, parseDatabaseName } from "#shared/model/database-names.ts";
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
    /** Awaited when all is done, before it is answered. */
    answering: async (_path: string): Promise<void> => undefined,
    /** Says why a document is refused. */
    refuses: (_id: string): string | undefined => undefined,
    life: "one",
    /** Of a body, inflated: what is longer is "too large". */
    mostBytes: Infinity,
    hasSiblings: false,
    erased: [] as TenantName[],
    /** Databases and routes asked for, in order. */
    asked: [] as string[],
    /** Documents that were taken, each time they were. */
    brought: [] as string[],
  };

  const jwk = { kty: "EC", crv: "P-256", x: "x", y: "y" };
  const talk = async () => {
    const communities = [];
    for (const { tenant, name, site } of told.communities) {
      const months = (await databases.names()).flatMap((one) => {
        const parsed = parseDatabaseName(one);
        return parsed?.kind === "tele" && parsed.tenant === tenant ? [parsed.month] : [];
      });
      const versions = [];
      for (const month of months) {
        const { seq } = await (await databases.open(databaseName.tele(tenant, month))).info();
        versions.push({ month, tele: told.hasSiblings ? `v${seq}` : "", events: "" });
      }
      const version = String((await (await databases.open(site)).info()).seq);
      communities.push({
        tenant,
        name,
        site,
        siteVersion: version,
        months: versions,
      });
    }
    const said = { life: told.life, communities, erased: told.erased, hasTwin: false };
    return {
      ...said,
      hub_time: new Date().toISOString(),
      hub: { id: "0123456789abcdef", identity: jwk, sealing: jwk },
      version: createHash("sha256").update(JSON.stringify(said)).digest("hex").slice(0, 16),
    };
  };
  /** Answers when something is new, or soon. */
  const machine = async (path: string, body: unknown) => {
    told.asked.push(path);
    if (path.endsWith("/token"))
      return { access_token: "a-token", expires_in: 600, ...(await talk()) };
    if (path.endsWith("/inherited")) return { writers: [], months: [] };
    if (path.endsWith("/held")) {
      const { tenant } = body as { tenant: TenantName };
      const held = [];
      for (const one of await databases.names()) {
        const parsed = parseDatabaseName(one);
        if (parsed?.kind !== "tele" || parsed.tenant !== tenant) continue;
        const digest = await heldDigest(await databases.open(one), "s:gw-");
        held.push({ month: parsed.month, kind: parsed.kind, ...digest });
      }
      return held;
    }
    if (path.endsWith("/months")) {
      const { tenant, month } = body as { tenant: TenantName; month: string };
      const name = databaseName.tele(tenant, month);
      const isNew = !(await databases.openExisting(name));
      await databases.open(name);
      return { isNew, isHistory: false };
    }
    return talk();
  };
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
      told.brought.push(...docs.map(({ _id }) => _id));
      return { status: 201, said: said.filter((one) => !("ok" in one)) };
    }
    if (what === "_all_docs") {
      const key = (border: string) => JSON.parse(url.searchParams.get(border) ?? "null") as string;
      const { keys } = (body ?? {}) as { keys?: string[] };
      const said = await peer.allDocs(name, {
        descending: false,
        include_docs: url.searchParams.has("include_docs"),
        ...(keys ? { keys } : { startkey: key("startkey"), endkey: key("endkey"), limit: 5_000 }),
      });
      return { status: 200, said };
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
    if (text.length > told.mostBytes && url.pathname.endsWith("_bulk_docs"))
      return response
        .writeHead(413, { "content-type": JSON_TYPE })
        .end('{"error":"too_large","reason":"x"}');
    const bad = told.mischief(url.pathname);
    if (bad)
      return response
        .writeHead(bad.status, { "content-type": bad.type ?? JSON_TYPE })
        .end(bad.body);
    const { status, said } = await (
      url.pathname.startsWith("/api/")
        ? machine(url.pathname, JSON.parse(text)).then((data) => ({ status: 200, said: { data } }))
        : sync(request.method ?? "", url, text === "" ? undefined : JSON.parse(text))
    ).catch((error: unknown) => ({
      status: isFault(error) ? (STATUS[error.code as keyof typeof STATUS] ?? 400) : 500,
      said: { error: isFault(error) ? error.code : "internal", reason: String(error) },
    }));
    await told.answering(url.pathname);
    return response.writeHead(status, { "content-type": JSON_TYPE }).end(JSON.stringify(said));
  };
  const server = createServer((request, response) => {
    // A question that breaks off half-way has nobody to answer.
    answer(request, response).catch(() => response.destroy());
  });
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
