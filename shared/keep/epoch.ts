/** `epoch`: names one life of a writer's process, so that its chains never use a place twice. */
import type { Database, Doc } from "#shared/couch/database.ts";
import type { Epoch } from "#shared/model/ids.ts";
import type { ChainEnd } from "./chain.ts";

/**
 * The next epoch, and the one before where it is remembered: counted up from what is remembered and from what the chains say, whichever is
 * more. Durable when told.
 *
 * @param local where the counter of starts is remembered
 */
export async function nextEpoch(
  local: Database,
  chains: readonly Pick<ChainEnd, "starts">[],
  random: (size: number) => Uint8Array,
): Promise<{ epoch: Epoch; previous: Epoch | undefined }> {
  const old = await local.get<Doc & { readonly starts: number; readonly epoch?: Epoch }>("epoch");
  const starts = Math.max(old?.starts ?? 0, ...chains.map((end) => end.starts)) + 1;
  const noise = Buffer.from(random(8)).toString("hex");
  const epoch = `${starts.toString(16).padStart(8, "0")}-${noise}` as Epoch;
  await local.put({ ...old, _id: "epoch", v: 1, starts, epoch });
  return { epoch, previous: old?.epoch };
}
