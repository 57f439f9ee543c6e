/**
 * `redecoder`: which kept uplinks a mended decoder reads again, and what it makes of them.
 *
 * An uplink is read again when nothing could be made of it and its device has another decoder now,
 * or when the decoder in force says from when on it knows better. Nothing else is touched: a new
 * release of this program alone changes no past value.
 */
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import type { Redecoder } from "#shared/model/redecoder.ts";
import { breathe } from "#shared/series/breathe.ts";
import { decodeUplink, type DecoderInForce, type FindDecoder } from "./decode-uplink.ts";

/** Given to the decoders side by side: a script's worker is kept busy, memory stays small. */
const AT_ONCE = 64;

/** What a community's devices are decoded by. */
export interface DecodersInForce {
  /** Model of each device. */
  readonly models: ReadonlyMap<DeviceId, string>;
  readonly find: FindDecoder;
}

export function redecoder(
  inForce: (tenant: TenantName) => Promise<DecodersInForce | undefined>,
): Redecoder & { changed(tenant: TenantName): void } {
  const listeners: ((tenant: TenantName) => void)[] = [];
  /** As of the last look at the editions: whoever derives looks there first, and again when they change. */
  const held = new Map<TenantName, DecodersInForce>();
  const look = async (tenant: TenantName) => {
    const found = await inForce(tenant);
    held.set(tenant, found ?? nothing);
    return found;
  };
  return {
    async editions(tenant) {
      const found = await look(tenant);
      if (!found) return undefined;
      const { models, find } = found;
      return new Map([...models].map(([deviceId, model]) => [deviceId, editionOf(find(model))]));
    },
    async again(tenant, uplinks) {
      const { models, find } = held.get(tenant) ?? (await look(tenant)) ?? nothing;
      const decoders = new Map<string, DecoderInForce | undefined>();
      const decoderOf = (model: string) => {
        if (!decoders.has(model)) decoders.set(model, find(model));
        return decoders.get(model);
      };
      const due: { i: number; model: string; decoder: DecoderInForce }[] = [];
      for (const [i, uplink] of uplinks.entries()) {
        const model = models.get(uplink.deviceId);
        const decoder = model === undefined ? undefined : decoderOf(model);
        if (model !== undefined && decoder && isDue(uplink, decoder))
          due.push({ i, model, decoder });
      }
      if (due.length === 0) return uplinks;
      const read = [...uplinks];
      for (let from = 0; from < due.length; from += AT_ONCE) {
        await breathe();
        await Promise.all(
          due.slice(from, from + AT_ONCE).map(async ({ i, model, decoder }) => {
            const uplink = uplinks[i] as KeptUplink;
            const { refusal: _, ...outcome } = await decodeUplink(model, uplink, () => decoder);
            read[i] = { ...uplink, ...outcome };
          }),
        );
      }
      return read;
    },
    onChange(listener) {
      listeners.push(listener);
    },
    changed(tenant) {
      for (const listener of listeners) listener(tenant);
    },
  };
}

const nothing: DecodersInForce = { models: new Map(), find: () => undefined };

/** A device without a decoder has an edition, too: it may get one. */
function editionOf(decoder: DecoderInForce | undefined): string {
  if (!decoder) return "none";
  const { name, redecodeFromMs } = decoder;
  return redecodeFromMs === undefined ? name : `${name} from ${redecodeFromMs}`;
}

/** Whether the decoder in force would say something else of an uplink than what was kept. */
function isDue(uplink: KeptUplink, { name, redecodeFromMs = Infinity }: DecoderInForce): boolean {
  if (uplink.payload.length === 0 || uplink.decoder === name) return false;
  return uplink.undecoded !== null || uplink.time >= redecodeFromMs;
}
