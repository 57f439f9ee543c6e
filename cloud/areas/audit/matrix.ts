/** `matrix`: the audit is read where its right is held, and says nothing of elsewhere. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "GET /audit": {
    asks: () => [
      "/audit",
      "/audit?limit=500&offset=0&what=person&result=ok&by=p-0000000000000000&target=x&q=x",
      "/audit?for=p-0000000000000000&from=2020-01-01T00:00:00Z&to=2030-01-01T00:00:00Z",
    ],
  },
  "GET /audit (of one community)": {
    asks: ({ community }) => [`/audit?community=${community}`],
    namesThings: true,
  },
  "GET /audit/export": { asks: () => ["/audit/export?result=refused"] },
  "GET /audit/export (of one community)": {
    asks: ({ community }) => [`/audit/export?community=${community}`],
    namesThings: true,
  },
};
