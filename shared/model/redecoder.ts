/**
 * `redecoder`: reads the raw bytes of kept uplinks again when their decoder was mended.
 *
 * Segments are never edited: whoever derives something from them asks here first what the uplinks
 * say today. Same bytes, same decoder, same answer, on the gateway and on the hub.
 */
import type { DeviceId, TenantName } from "./ids.ts";
import type { KeptUplink } from "./kept-uplink.ts";

export interface Redecoder {
  /**
   * For each device of a community, a name for the decoder in force and from when it reads again:
   * what was derived of a device's uplinks under another name is to be derived anew. Quick to ask.
   * Undefined while nothing is known of the community, so that its first sight changes nothing.
   */
  editions(tenant: TenantName): Promise<ReadonlyMap<DeviceId, string> | undefined>;
  /**
   * The uplinks in the order given, each with the readings of the decoder in force; one that needs no
   * reading again is the same object. Time, radio and identity stay as they were heard.
   *
   * @throws Fault "unavailable" or "too_many" when the decoder could not be asked: try again later.
   *   What a payload or a script does is no failure: it stands in `undecoded`.
   */
  again(tenant: TenantName, uplinks: readonly KeptUplink[]): Promise<readonly KeptUplink[]>;
  /** Called when an edition in a community may have changed. */
  onChange(listener: (tenant: TenantName) => void): void;
}
