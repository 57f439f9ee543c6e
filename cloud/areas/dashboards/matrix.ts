/** `matrix`: who reaches what of the dashboards. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "GET /dashboards": { asks: () => ["/dashboards", "/dashboards?limit=500"] },
  "GET /dashboards (community)": {
    namesThings: true,
    asks: ({ community, tenant }) => [
      `/dashboards?community=${community}`,
      `/dashboards?community=${tenant}`,
    ],
  },
  "POST /dashboards": {
    namesThings: true,
    asks: ({ community, devEui }) => [
      { path: "/dashboards", body: { community, name: "New" } },
      {
        path: "/dashboards",
        body: { community, name: "New", cards: [{ id: "a", card: "readings", devices: [devEui] }] },
      },
    ],
  },
  "GET /dashboards/:id": {
    namesThings: true,
    asks: ({ dashboard }) => [`/dashboards/${dashboard}`],
  },
  "PATCH /dashboards/:id": {
    namesThings: true,
    asks: ({ dashboard }) => [{ path: `/dashboards/${dashboard}`, body: { is_home: true } }],
  },
  "DELETE /dashboards/:id": {
    namesThings: true,
    asks: ({ dashboard }) => [{ path: `/dashboards/${dashboard}`, body: {} }],
  },
};
