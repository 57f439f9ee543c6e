/** `matrix`: who reaches what of the gateways. */
import type { Rows } from "#cloud/api/matrix.ts";

const NO_CLAIM = "0".repeat(32);

export const rows: Rows = {
  "GET /gateways": {
    asks: () => [
      "/gateways",
      "/gateways?limit=1&offset=1",
      "/gateways?q=gw",
      "/gateways?state=away",
      "/gateways?state=pending",
      "/gateways?state=withdrawn",
    ],
  },
  "GET /gateways (community)": {
    namesThings: true,
    asks: ({ tenant, community }) => [
      `/gateways?community=${tenant}`,
      `/gateways?community=${community}&state=here`,
    ],
  },
  "GET /gateways/:id": { namesThings: true, asks: ({ gateway }) => [`/gateways/${gateway}`] },
  "PATCH /gateways/:id": {
    namesThings: true,
    asks: ({ gateway }) => [{ path: `/gateways/${gateway}`, body: { name: "Cellar" } }],
  },
  "POST /gateways/:id/revoke": {
    namesThings: true,
    asks: ({ gateway }) => [`/gateways/${gateway}/revoke`],
  },
  "GET /gateways/claims": { asks: () => ["/gateways/claims", "/gateways/claims?limit=1"] },
  "POST /gateways/claims": {
    namesThings: true,
    asks: ({ community, tenant }) => [
      { path: "/gateways/claims", body: { communities: [community] } },
      { path: "/gateways/claims", body: { communities: [tenant], label: "Cellar", days: 30 } },
    ],
  },
  "POST /gateways/claims (replaces)": {
    namesThings: true,
    asks: ({ gateway }) => [{ path: "/gateways/claims", body: { replaces: gateway } }],
  },
  // Rows of a file are told apart: one that is foreign is as unknown as one that is not there.
  "POST /gateways/claims/check": {
    asks: ({ tenant }) => [
      { path: "/gateways/claims/check", body: `name;communities\nCellar;${tenant}\n` },
    ],
  },
  "POST /gateways/claims/many": {
    namesThings: true,
    asks: ({ community, tenant }) => [
      {
        path: "/gateways/claims/many",
        body: { claims: [{ label: "Cellar", communities: [community] }], days: 30 },
      },
      { path: "/gateways/claims/many", body: { claims: [{ communities: [tenant] }] } },
    ],
  },
  "POST /gateways/claims/csv": {
    namesThings: true,
    asks: ({ community, tenant }) => [
      { path: "/gateways/claims/csv", body: `community;label\n${tenant};Cellar\n` },
      { path: "/gateways/claims/csv?days=30", body: `${community};"Roof"` },
    ],
  },
  "DELETE /gateways/claims/:id": {
    namesThings: true,
    asks: () => [`/gateways/claims/${NO_CLAIM}`],
  },
};
