/** `matrix`: coming in is for everybody; who one is, for those who are in. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "GET /me": { asks: () => ["/me"] },
  "GET /setup/:token": { asks: () => ["/setup/none"] },
  "POST /setup": { asks: () => [{ path: "/setup", body: {} }] },
  "POST /sign-in": {
    asks: () => [{ path: "/sign-in", body: { email: "x@example.org", password: "y" } }],
  },
  "POST /activation/look": {
    asks: () => [{ path: "/activation/look", body: { token: "A".repeat(43) } }],
  },
  "POST /activation": {
    asks: () => [
      { path: "/activation", body: { token: "A".repeat(43), password: "violet harbour 19" } },
    ],
  },
  "POST /activation/accept": {
    asks: () => [{ path: "/activation/accept", body: { token: "A".repeat(43) } }],
  },
  "POST /email/look": { asks: () => [{ path: "/email/look", body: { token: "A".repeat(43) } }] },
  "POST /email": { asks: () => [{ path: "/email", body: { token: "A".repeat(43) } }] },
  "POST /sign-in/forgotten": {
    asks: () => [{ path: "/sign-in/forgotten", body: { email: "ana.q@example.org" } }],
  },
  "POST /sign-in/link": {
    asks: () => [{ path: "/sign-in/link", body: { email: "ana.q@example.org" } }],
  },
  "POST /sign-in/by-link": {
    asks: () => [{ path: "/sign-in/by-link", body: { token: "A".repeat(43) } }],
  },
  "GET /sign-in/providers": {
    asks: () => ["/sign-in/providers", "/sign-in/providers?organization=o-0000000000000000"],
  },
  "POST /sign-in/oidc": {
    asks: () => [{ path: "/sign-in/oidc", body: { provider: "pr-0000000000000000" } }],
  },
  "GET /sign-in/oidc/callback": {
    asks: () => ["/sign-in/oidc/callback", "/sign-in/oidc/callback?code=x&state=y"],
  },
  "POST /sign-out": { asks: () => [{ path: "/sign-out", body: {} }] },
};
