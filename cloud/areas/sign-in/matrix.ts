/** `matrix`: coming in is for everybody; who one is, for those who are in. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "GET /me": { asks: () => ["/me"] },
  "GET /setup/:token": { asks: () => ["/setup/none"] },
  "POST /setup": { asks: () => [{ path: "/setup", body: {} }] },
  "POST /sign-in": {
    asks: () => [{ path: "/sign-in", body: { email: "x@example.org", password: "y" } }],
  },
  "POST /sign-out": { asks: () => [{ path: "/sign-out", body: {} }] },
};
