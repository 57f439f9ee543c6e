/** `matrix`: who reaches what of the gateways. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "GET /gateways": { asks: () => ["/gateways"] },
};
