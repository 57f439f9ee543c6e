/** `kept-news`: tells open pages what has just been kept, and when the hub is reached or lost. */
import type { TenantName } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";

type Listener = (tenant: TenantName, uplink: KeptUplink) => void;

export interface KeptNews {
  /** Returns what ends it. */
  listen(listener: Listener): () => void;
  onFreshness(listener: () => void): () => void;
  tell(tenant: TenantName, uplink: KeptUplink): void;
  freshnessChanged(): void;
}

export function keptNews(): KeptNews {
  const listeners = new Set<Listener>();
  const fresh = new Set<() => void>();
  return {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onFreshness(listener) {
      fresh.add(listener);
      return () => fresh.delete(listener);
    },
    tell(tenant, uplink) {
      for (const listener of listeners) listener(tenant, uplink);
    },
    freshnessChanged() {
      for (const listener of fresh) listener();
    },
  };
}
