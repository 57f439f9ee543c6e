/**
 * `news`: tells open pages that something changed, and never what: they ask again with their own rights.
 */
import type { OrganizationId } from "#shared/model/ids.ts";

export const topics = ["devices", "unregistered", "gateways"] as const;
export type Topic = (typeof topics)[number];

export interface News {
  tell(organizationId: OrganizationId, topic: Topic): void;
  /** Calls `listener` on news of an organization until the returned function is called. */
  listen(organizationId: OrganizationId, listener: (topic: Topic) => void): () => void;
}

export function news(): News {
  const listeners = new Map<OrganizationId, Set<(topic: Topic) => void>>();
  return {
    tell(organizationId, topic) {
      for (const listener of listeners.get(organizationId) ?? []) listener(topic);
    },
    listen(organizationId, listener) {
      let mine = listeners.get(organizationId);
      if (!mine) listeners.set(organizationId, (mine = new Set()));
      mine.add(listener);
      return () => {
        mine.delete(listener);
        if (mine.size === 0) listeners.delete(organizationId);
      };
    },
  };
}
