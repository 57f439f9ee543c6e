/** `matrix`: assistance reaches people in reach, and one sees one's own alone. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "POST /assistance": {
    asks: ({ person }) => [
      { path: "/assistance", body: { person, reason: "a question about the bill" } },
    ],
    namesThings: true,
  },
  "POST /assistance/stop": { asks: () => [{ path: "/assistance/stop", body: {} }] },
  "GET /me/assistance": { asks: () => ["/me/assistance"] },
};
