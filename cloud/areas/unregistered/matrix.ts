/** `matrix`: who reaches what of the unregistered. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "GET /unregistered": { asks: () => ["/unregistered"] },
};
