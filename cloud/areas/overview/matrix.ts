/** `matrix`: who reaches what of the overview. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "GET /overview": { asks: () => ["/overview"] },
};
