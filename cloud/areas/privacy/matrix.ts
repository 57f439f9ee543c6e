/** `matrix`: who reaches what of people's data. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "GET /people/:person/export": {
    namesThings: true,
    asks: ({ person }) => [`/people/${person}/export`],
  },
  "GET /me/export": { asks: () => ["/me/export"] },
  "GET /people/:person/erasure": {
    namesThings: true,
    asks: ({ person }) => [`/people/${person}/erasure`],
  },
  // Never rightly confirmed: those who may ask are told so.
  "POST /people/:person/erasure": {
    namesThings: true,
    asks: ({ person }) => [{ path: `/people/${person}/erasure`, body: { confirm: "not this" } }],
  },
  "GET /erasures": { asks: () => ["/erasures", "/erasures?limit=1&offset=1"] },
};
