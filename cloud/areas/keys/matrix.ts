/** `matrix`: who sees, makes and ends API keys. */
import type { Rows } from "#cloud/api/matrix.ts";

const key = (communities: readonly string[]) => ({
  path: "/keys",
  body: { name: "meter program", scopes: ["read"], communities },
});

export const rows: Rows = {
  "GET /keys": { asks: () => ["/keys", "/keys?limit=1&offset=1"] },
  "POST /keys": {
    namesThings: true,
    asks: ({ community }) => [key([community])],
    // A key makes no keys (none of them has the right), so no asker is named here.
  },
  "DELETE /keys/:key_id": {
    namesThings: true,
    asks: ({ key: id }) => [{ path: `/keys/${id}`, body: undefined }],
  },
};
