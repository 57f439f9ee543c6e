/**
 * `moved`: wakes those who wait for news of a community. Says that something was written, never what.
 *
 * Knows of this process's writes only: who waits also looks by itself now and then.
 */
import type { TenantName } from "#shared/model/ids.ts";

export interface Moved {
  tell(tenant: TenantName): void;
  /** Calls `listener` on news of any of `tenants` until the returned function is called. */
  listen(tenants: readonly TenantName[], listener: () => void): () => void;
}

export function moved(): Moved {
  const listeners = new Map<TenantName, Set<() => void>>();
  return {
    tell(tenant) {
      for (const listener of listeners.get(tenant) ?? []) listener();
    },
    listen(tenants, listener) {
      for (const tenant of tenants) {
        const mine = listeners.get(tenant) ?? new Set();
        listeners.set(tenant, mine.add(listener));
      }
      return () => {
        for (const tenant of tenants) {
          const mine = listeners.get(tenant);
          mine?.delete(listener);
          if (mine?.size === 0) listeners.delete(tenant);
        }
      };
    },
  };
}
