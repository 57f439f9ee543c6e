/** `matrix`: who reaches what of the unregistered. */
import type { Rows } from "#cloud/api/matrix.ts";

const NEW = "0badc0de0badc0df";

export const rows: Rows = {
  "GET /unregistered": {
    asks: () => ["/unregistered", "/unregistered?show=rejected&q=70b3&limit=1"],
  },
  // Each row has its own outcome: what is out of reach is refused there.
  "POST /unregistered/accept": {
    asks: ({ community, tenant, unit, resident }) => [
      { path: "/unregistered/accept", body: { rows: [{ dev_eui: NEW, community }] } },
      { path: "/unregistered/accept", body: { rows: [{ dev_eui: NEW, community: tenant }] } },
      { path: "/unregistered/accept", body: { rows: [{ dev_eui: NEW, unit_id: unit }] } },
      {
        path: "/unregistered/accept",
        body: { rows: [{ dev_eui: NEW, end_user_id: resident, valid_from: "2026-01-01" }] },
      },
    ],
  },
  "POST /unregistered/reject": {
    asks: () => [{ path: "/unregistered/reject", body: { dev_eui: [NEW] } }],
  },
  "POST /unregistered/restore": {
    asks: () => [{ path: "/unregistered/restore", body: { dev_eui: [NEW] } }],
  },
};
