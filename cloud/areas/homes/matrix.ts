/** `matrix`: homes are for those who live there: to everybody else of these people they are not there. */
import type { Ids, Rows } from "#cloud/api/matrix.ts";

/** Rows of people who live nowhere: whoever signs in may ask, and nobody of the matrix has this home. */
const nobodys = (more: string, body?: unknown) => ({
  asks: ({ unit }: Ids) => {
    const path = `/me/homes/${unit}${more}`;
    return body === undefined ? [path] : [{ path, body }];
  },
  isNobodys: true as const,
});

export const rows: Rows = {
  "GET /me/homes": { asks: () => ["/me/homes"] },
  "GET /me/homes/:unit/overview": nobodys("/overview"),
  "GET /me/homes/:unit/meters/:meter/consumption": nobodys(
    "/meters/i-0000000000000000/consumption?from=2026-01-01&to=2026-02-01&by=day",
  ),
  "GET /me/homes/:unit/live": nobodys("/live"),
  "PUT /me/homes/:unit/hours": nobodys("/hours", { agreed: true }),
  "GET /me/homes/:unit/household": nobodys("/household"),
  "POST /me/homes/:unit/household": nobodys("/household", {
    email: "x@example.org",
    first_name: "X",
  }),
  "POST /me/homes/:unit/household/:resident/invitation": nobodys(
    "/household/r-0000000000000000/invitation",
    {},
  ),
  "DELETE /me/homes/:unit/household/:resident": nobodys("/household/r-0000000000000000", {}),
};
