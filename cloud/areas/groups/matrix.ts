/** `matrix`: who reaches what of the groups. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "GET /groups": { asks: () => ["/groups", "/groups?kind=units&q=a&limit=500"] },
  "GET /groups (community)": {
    namesThings: true,
    asks: ({ community }) => [`/groups?community=${community}`],
  },
  "POST /groups": {
    namesThings: true,
    asks: ({ community, unit, devEui }) => [
      { path: "/groups", body: { kind: "units", name: "Some", community } },
      { path: "/groups", body: { kind: "units", name: "Some", community, members: [unit] } },
      { path: "/groups", body: { kind: "devices", name: "Some", community, members: [devEui] } },
    ],
  },
  "GET /groups/:id": { namesThings: true, asks: ({ group }) => [`/groups/${group}`] },
  "PATCH /groups/:id": {
    namesThings: true,
    asks: ({ group }) => [{ path: `/groups/${group}`, body: { name: "Others" } }],
  },
  "DELETE /groups/:id": {
    namesThings: true,
    asks: ({ group }) => [{ path: `/groups/${group}`, body: {} }],
  },
  "GET /groups/:id/members": {
    namesThings: true,
    asks: ({ group }) => [`/groups/${group}/members`, `/groups/${group}/members?q=1b&limit=5`],
  },
  "POST /groups/:id/members": {
    namesThings: true,
    asks: ({ group, unit }) => [{ path: `/groups/${group}/members`, body: { add: [unit] } }],
  },
  "PUT /groups/:id/roles": {
    namesThings: true,
    asks: ({ group }) => [{ path: `/groups/${group}/roles`, body: { roles: [] } }],
  },
};
