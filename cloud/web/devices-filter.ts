/** `devices-filter`: which devices are listed, as it stands in the address. Pure. */
export interface DevicesFilter {
  readonly q: string;
  /** Id of a community; empty for all. */
  readonly community: string;
  readonly status: "" | "online" | "offline";
}

export function devicesFilter(query: URLSearchParams): DevicesFilter {
  const status = query.get("status");
  return {
    q: query.get("q") ?? "",
    community: query.get("community") ?? "",
    status: status === "online" || status === "offline" ? status : "",
  };
}

/** The filter as a query text with its `?`; empty without any filter. */
export function filterText(filter: DevicesFilter): string {
  const asked = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ""));
  return asked.size === 0 ? "" : `?${asked}`;
}

/** Address of the list with this filter, and of one device in it. */
export function devicesLink(filter: DevicesFilter, devEui?: string): string {
  return `/devices${devEui === undefined ? "" : `/${encodeURIComponent(devEui)}`}${filterText(filter)}`;
}
