/** `matrix`: roles are the organization's; no key and no admin of a community makes any. */
import type { Rows } from "#cloud/api/matrix.ts";

const body = { name: "Front desk", rights: [] };
export const rows: Rows = {
  "GET /roles": { asks: () => ["/roles"] },
  "POST /roles": { asks: () => [{ path: "/roles", body }] },
  // There is none in the example: whoever may look for one does not find it.
  "PUT /roles/:role": { asks: () => [{ path: "/roles/rl-0000000000000000", body }] },
  "DELETE /roles/:role": { asks: () => [{ path: "/roles/rl-0000000000000000", body: {} }] },
};
