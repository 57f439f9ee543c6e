/**
 * `inherited-check`: brings to the hub what it lost of machines that were withdrawn. They cannot do it
 * themselves any more; whoever took their place, and their siblings, have copies of what they wrote.
 *
 * Only digests go over the line while the two agree. Which machines were withdrawn is the hub's word; of one
 * that is let in nobody else brings anything.
 */
import { Inherited } from "#shared/api/gateway-talk.ts";
import type { Database, Databases } from "#shared/couch/database.ts";
import { everyId } from "#shared/couch/every-id.ts";
import { heldDigest } from "#shared/couch/held-digest.ts";
import { parseDatabaseName } from "#shared/model/database-names.ts";
import { GatewayId, type TenantName } from "#shared/model/ids.ts";
import { bringSegments, PATIENCE_MS, type AskHub } from "./bring-segments.ts";

export interface InheritedCheckOptions {
  readonly databases: Databases;
  readonly gatewayId: GatewayId;
  readonly ask: AskHub;
}

/** Resolves with the number of segments that the hub had lost. @throws Fault; what was brought before stays */
export async function inheritedCheck(
  { databases, gatewayId, ask }: InheritedCheckOptions,
  tenant: TenantName,
  signal: AbortSignal,
): Promise<number> {
  const here: { month: string; writer: GatewayId; database: Database }[] = [];
  for (const name of await databases.names()) {
    const parsed = parseDatabaseName(name);
    if (parsed?.kind !== "tele" || parsed.tenant !== tenant) continue;
    const database = await databases.openExisting(name);
    for (const writer of database ? await writersIn(database) : [])
      if (database && writer !== gatewayId) here.push({ month: parsed.month, writer, database });
  }
  if (here.length === 0 || signal.aborted) return 0;
  const writers = [...new Set(here.map(({ writer }) => writer))];
  const told = await ask("inherited", { tenant, writers }, Inherited, PATIENCE_MS);
  let brought = 0;
  for (const { month, writer, database } of here) {
    if (!told.writers.includes(writer) || signal.aborted) continue;
    const prefix = `s:${writer}:`;
    const there = told.months.find((one) => one.writer === writer && one.month === month);
    if ((await heldDigest(database, prefix)).digest === there?.digest) continue;
    const ids = await everyId(database, prefix);
    const docsOf = (some: readonly string[]) => database.getMany(some);
    brought += await bringSegments(ask, { tenant, month, writer }, ids, docsOf, signal);
  }
  return brought;
}

/** The gateways that wrote into a month: one look-up for each. */
async function writersIn(database: Database): Promise<GatewayId[]> {
  const writers: GatewayId[] = [];
  for (let from = "s:gw-"; ;) {
    const [id] = await database.ids({ from, to: "s:gw-\uffff", limit: 1 });
    if (id === undefined) return writers;
    const name = id.split(":")[1] ?? "";
    const writer = GatewayId.safeParse(name);
    if (writer.success) writers.push(writer.data);
    // The character after ":" ends all names that begin with this writer's.
    from = `s:${name};`;
  }
}
