/** `matrix`: who reaches what of the undecoded. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "GET /undecoded": {
    asks: ({ devEui }) => [
      "/undecoded",
      "/undecoded?limit=1&offset=3",
      `/undecoded?device=${devEui}`,
    ],
  },
  "GET /undecoded (community)": {
    namesThings: true,
    asks: ({ community, tenant }) => [
      `/undecoded?community=${community}`,
      `/undecoded?community=${tenant}&model=own%2Fany`,
    ],
  },
};
