/**
 * `take-in`: reads what withdrawn gateways could not send, out of the sealed files that somebody
 * brought from the machine. A file goes in whole or not at all; done again it changes nothing.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { JWK } from "jose";
import type { Hub } from "#cloud/hub/hub.ts";
import { openUnsent, type Unsent } from "#shared/auth/unsent.ts";
import { databaseName, monthOf, parseDatabaseName } from "#shared/model/database-names.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { GatewayId, TenantName } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { siteNews } from "./from-sites/site-news.ts";
import { keepSegments, type KeptSegments } from "./keep-segments.ts";
import { whyForbidden } from "./validate.ts";

const scope = systemScope("take-in");

export interface TakenFile {
  readonly file: string;
  /** What was done, or why it was not. */
  readonly outcome:
    | ({ readonly gatewayId: string; readonly community: string } & (
        | Omit<KeptSegments, "name">
        /** Changes that were made there: those that were not here before and have their answer now, and those that were. */
        | { readonly requests: number; readonly known: number }
      ))
    | { readonly refused: string };
}

/**
 * @param path a file, or a folder of them (those named `*.jwe`)
 * @throws Fault "not_found" for a path at which there is none
 */
export async function takeIn(hub: Hub, { path }: { path: string }): Promise<TakenFile[]> {
  const taken: TakenFile[] = [];
  for (const file of await filesAt(path)) {
    const name = basename(file);
    try {
      taken.push({ file: name, outcome: await takeFile(hub, await readFile(file, "utf8")) });
    } catch (error) {
      if (!isFault(error)) throw error;
      taken.push({ file: name, outcome: { refused: error.message } });
    }
  }
  return taken;
}

async function filesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return [path];
  const names = found?.isDirectory() ? await readdir(path) : [];
  const files = names.filter((name) => name.endsWith(".jwe")).sort();
  if (files.length === 0) throw new Fault("not_found", `There is no sealed file at ${path}.`);
  return files.map((name) => join(path, name));
}

async function takeFile(hub: Hub, text: string): Promise<TakenFile["outcome"]> {
  const { gatewayId, name, docs } = await openUnsent(text, hub.secrets.sealing.key, (id) =>
    hub.gateways.find(scope, id).then(
      ({ signing }) => signing as JWK,
      () => {
        throw new Fault("not_found", `This hub knows no gateway ${id}.`);
      },
    ),
  );
  const gateway = await hub.gateways.find(scope, gatewayId);
  const parsed = parseDatabaseName(name);
  const isTaken = parsed?.kind === "tele" || parsed?.kind === "events";
  const community = isTaken
    ? (await hub.communities.list(scope)).find(({ tenant }) => tenant === parsed.tenant)
    : undefined;
  if (!isTaken || !community || !gateway.communities.includes(community.communityId))
    throw new Fault("not_found", `${gatewayId} works for no community of ${name} here.`);
  const { name: database, ...kept } =
    parsed.kind === "tele"
      ? await keepSegments(hub, gatewayId, parsed, docs.filter(isSegment))
      : await keepRequests(hub, gatewayId, parsed.tenant, docs.filter(isRequest));
  const outcome = { gatewayId, community: parsed.tenant, ...kept };
  await hub.audit.add({
    organizationId: community.organizationId,
    communityId: community.communityId,
    by: { kind: "system", id: "take-in", roles: [] },
    assistant: null,
    forWhom: null,
    what: "gateway.take-in",
    target: { type: "gateway", id: gatewayId, name: gateway.name },
    after: { database, month: parsed.month, ...outcome },
    from: "",
    result: "ok",
    requestId: Buffer.from(hub.random(8)).toString("hex"),
  });
  return outcome;
}

type Brought = Unsent["docs"][number];
const isSegment = (doc: Brought) => doc.type === "segment";
const isRequest = (doc: Brought) => doc.type === "request";

/** They are answered as if they had just come from there. @throws Fault "invalid" */
async function keepRequests(
  hub: Hub,
  gatewayId: GatewayId,
  tenant: TenantName,
  docs: readonly Extract<Brought, { readonly type: "request" }>[],
) {
  // Today's month: earlier ones are looked through no more.
  const month = monthOf(hub.clock.now());
  const name = databaseName.events(tenant, month);
  for (const { _rev, ...content } of docs) {
    const forbidden = whyForbidden(content, null, { db: name, name: gatewayId, roles: [] });
    if (forbidden !== undefined || !/^1-[0-9a-f]{32}$/.test(_rev))
      throw new Fault(
        "invalid",
        `${content._id}: ${forbidden ?? "its revision is not a first one"}`,
      );
  }
  await hub.months.make(tenant, month);
  const ids = docs.map(({ _id }) => _id);
  const here = new Set<string>();
  for (const one of hub.months.list(tenant)) {
    const database = await hub.databases.openExisting(databaseName.events(tenant, one));
    for (const { _id } of (await database?.getMany(ids)) ?? []) here.add(_id);
  }
  const fresh = docs.filter(({ _id }) => !here.has(_id));
  await (await hub.databases.open(name)).take(fresh);
  hub.months.written(name);
  hub.moved.tell(tenant);
  const { signal } = new AbortController();
  const news = siteNews({ hub, signal, log: { warn: () => undefined } });
  news.written(name);
  await news.settled();
  return { name, requests: fresh.length, known: docs.length - fresh.length };
}
