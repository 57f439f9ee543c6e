/** `matrix`: who reaches what of buildings, homes and tenancies. */
import type { Ids, Rows } from "#cloud/api/matrix.ts";

/** A change of a home, asked for by its id. */
const ofHome = (path: string, body: unknown) => ({
  namesThings: true as const,
  asks: ({ home }: Ids) => [{ path: `/units/${home}${path}`, body }],
});

export const rows: Rows = {
  "GET /buildings": { asks: () => ["/buildings", "/buildings?q=north&limit=5"] },
  "GET /buildings (community)": {
    namesThings: true,
    asks: ({ community, tenant }) => [
      `/buildings?community=${community}`,
      `/buildings?community=${tenant}&q=north`,
    ],
  },
  "POST /buildings": {
    namesThings: true,
    asks: ({ community }) => [{ path: "/buildings", body: { community, name: "South" } }],
  },
  "PATCH /buildings/:id": {
    namesThings: true,
    asks: ({ building }) => [{ path: `/buildings/${building}`, body: { name: "West" } }],
  },
  "DELETE /buildings/:id": {
    namesThings: true,
    asks: ({ building }) => [{ path: `/buildings/${building}`, body: {} }],
  },
  "GET /units": {
    asks: () => [
      "/units",
      "/units?q=quintanilla&limit=5",
      "/units?vacant=true&at=2026-02-01&sort=floor",
      "/units?building=none",
    ],
  },
  "GET /units (community)": {
    namesThings: true,
    asks: ({ community, tenant }) => [
      `/units?community=${community}`,
      `/units?community=${tenant}&vacant=false`,
    ],
  },
  "GET /units (building)": {
    namesThings: true,
    asks: ({ building }) => [`/units?building=${building}`],
  },
  "GET /units (group)": { namesThings: true, asks: ({ group }) => [`/units?group=${group}`] },
  "POST /units": {
    namesThings: true,
    asks: ({ community, building }) => [
      { path: "/units", body: { community, name: "9Z" } },
      { path: "/units", body: { community, name: "9Z", building } },
    ],
  },
  "GET /units/:id": { namesThings: true, asks: ({ home }) => [`/units/${home}`] },
  "PATCH /units/:id": ofHome("", { name: "9Y", floor: "3" }),
  "DELETE /units/:id": {
    namesThings: true,
    asks: ({ unit }) => [{ path: `/units/${unit}`, body: {} }],
  },
  "POST /units/bulk-delete": {
    asks: ({ unit }) => [{ path: "/units/bulk-delete", body: { ids: [unit], confirm: "1" } }],
  },
  "POST /units/:id/tenancies": {
    namesThings: true,
    asks: ({ unit, resident }) => [{ path: `/units/${unit}/tenancies`, body: { resident } }],
  },
  "PATCH /units/:id/tenancies/:tenancy_id": {
    namesThings: true,
    asks: ({ home, tenancy }) => [
      { path: `/units/${home}/tenancies/${tenancy}`, body: { from: "2025-02-01" } },
    ],
  },
  "POST /units/:id/tenancies/:tenancy_id/end": {
    namesThings: true,
    asks: ({ home, tenancy }) => [
      { path: `/units/${home}/tenancies/${tenancy}/end`, body: { to: "2026-01-01" } },
    ],
  },
  "DELETE /units/:id/tenancies/:tenancy_id": {
    namesThings: true,
    asks: ({ home, tenancy }) => [{ path: `/units/${home}/tenancies/${tenancy}`, body: {} }],
  },
  "POST /units/:id/move-out": ofHome("/move-out", { at: "2026-11-01" }),
};
