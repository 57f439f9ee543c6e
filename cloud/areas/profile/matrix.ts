/** `matrix`: what is one's own is reached by those who sign in, and tells of nobody else. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "GET /me/profile": { asks: () => ["/me/profile"] },
  "PATCH /me/profile": { asks: () => [{ path: "/me/profile", body: {} }] },
  "PUT /me/email": {
    asks: () => [{ path: "/me/email", body: { email: "x@example.org", password: "" } }],
  },
  "DELETE /me/email": { asks: () => [{ path: "/me/email", body: {} }] },
  "PUT /me/password": {
    asks: () => [{ path: "/me/password", body: { old: "", password: "violet harbour 19" } }],
  },
  "GET /me/sign-ins": { asks: () => ["/me/sign-ins"] },
  "DELETE /me/sign-ins": { asks: () => [{ path: "/me/sign-ins", body: {} }] },
  "DELETE /me/sign-ins/:sign_in": {
    asks: () => [{ path: "/me/sign-ins/0000000000000000", body: {} }],
  },
  "PUT /me/organization": {
    asks: () => [{ path: "/me/organization", body: { organization_id: "o-0000000000000000" } }],
  },
};
