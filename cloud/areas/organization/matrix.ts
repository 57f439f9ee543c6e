/** `matrix`: who reaches what of the organization. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "GET /organization": { asks: () => ["/organization"] },
  "PATCH /organization": {
    asks: () => [
      { path: "/organization", body: { hourly_detail: "off" } },
      { path: "/organization", body: { audit_retention: null } },
    ],
  },
};
