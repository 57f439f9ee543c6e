/**
 * `take-in`: reads what withdrawn gateways could not send, out of the sealed files that somebody
 * brought from the machine. A file goes in whole or not at all; done again it changes nothing.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { JWK } from "jose";
import type { Hub } from "#cloud/hub/hub.ts";
import { openUnsent } from "#shared/auth/unsent.ts";
import { parseDatabaseName } from "#shared/model/database-names.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { systemScope } from "#shared/model/scope.ts";
import { keepSegments, type KeptSegments } from "./keep-segments.ts";

const scope = systemScope("take-in");

export interface TakenFile {
  readonly file: string;
  /** What was done, or why it was not. */
  readonly outcome:
    | ({ readonly gatewayId: string; readonly community: string } & Omit<KeptSegments, "name">)
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
  const community =
    parsed?.kind === "tele"
      ? (await hub.communities.list(scope)).find(({ tenant }) => tenant === parsed.tenant)
      : undefined;
  if (parsed?.kind !== "tele" || !community || !gateway.communities.includes(community.communityId))
    throw new Fault("not_found", `${gatewayId} works for no community of ${name} here.`);
  const { name: database, ...kept } = await keepSegments(hub, gatewayId, parsed, docs);
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
