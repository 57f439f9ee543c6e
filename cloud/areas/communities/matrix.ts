/** `matrix`: who reaches what of the communities. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "GET /customers": {
    asks: () => [
      "/customers",
      "/customers?limit=500&offset=0",
      "/customers?q=side&status=active&sort=-devices",
      "/customers?status=deleted",
      "/customers?status=archived&owner=organization",
    ],
  },
  "GET /customers (owner)": { asks: ({ community }) => [`/customers?owner=${community}`] },
  "POST /customers": {
    asks: () => [{ path: "/customers", body: { name: "New", tenant_name: "a-new-one" } }],
  },
  "POST /customers (owner)": {
    namesThings: true,
    asks: ({ community }) => [
      { path: "/customers", body: { name: "New", tenant_name: "a-new-one", owner: community } },
    ],
  },
  "GET /customers/:id": {
    namesThings: true,
    asks: ({ community, tenant }) => [`/customers/${community}`, `/customers/${tenant}`],
  },
  "PATCH /customers/:id": {
    namesThings: true,
    asks: ({ community, tenant }) => [
      { path: `/customers/${community}`, body: { name: "Changed" } },
      { path: `/customers/${tenant}`, body: { zone: "Europe/Paris", zone_from: "2026-01-01" } },
    ],
  },
  "PUT /customers/:id": {
    namesThings: true,
    asks: ({ community }) => [{ path: `/customers/${community}`, body: { name: "Changed" } }],
  },
  "POST /customers/:id/archive": {
    namesThings: true,
    asks: ({ community }) => [{ path: `/customers/${community}/archive`, body: {} }],
  },
  "DELETE /customers/:id/archive": {
    namesThings: true,
    asks: ({ community }) => [{ path: `/customers/${community}/archive`, body: {} }],
  },
  "GET /customers/:id/deletion": {
    namesThings: true,
    asks: ({ community }) => [`/customers/${community}/deletion`],
  },
  "DELETE /customers/:id": {
    namesThings: true,
    asks: ({ community, tenant }) => [
      { path: `/customers/${community}`, body: { confirm: tenant } },
      { path: `/customers/${tenant}?confirm=${tenant}`, body: {} },
    ],
  },
  "POST /customers/:id/restore": {
    asks: ({ community }) => [{ path: `/customers/${community}/restore`, body: {} }],
  },
  "POST /customers/bulk-archive": {
    asks: ({ community }) => [{ path: "/customers/bulk-archive", body: { ids: [community] } }],
  },
  "POST /customers/bulk-delete": {
    asks: ({ community }) => [
      { path: "/customers/bulk-delete", body: { ids: [community], confirm: "1" } },
    ],
  },
  "GET /customers/active-devices": {
    asks: () => [
      "/customers/active-devices?month=2026-11",
      "/customers/active-devices?month=2026-11&limit=1&offset=1",
    ],
  },
  "GET /customers/:id/active-devices": {
    namesThings: true,
    asks: ({ community, tenant }) => [
      `/customers/${community}/active-devices?from=2026-11`,
      `/customers/${tenant}/active-devices?from=2026-10&to=2026-11`,
    ],
  },
};
