/** `matrix`: who reaches what of the communities. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "GET /customers": { asks: () => ["/customers", "/customers?limit=500&offset=0"] },
};
