/** `matrix`: who reaches what of the live. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "GET /live": { asks: () => ["/live"] },
};
