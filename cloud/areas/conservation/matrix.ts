/** `matrix`: who sees what of conservation. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "GET /conservation": {
    namesThings: true,
    asks: ({ community }) => [`/conservation?community=${community}`],
  },
};
