/** `matrix`: who may send readings, and of which communities. */
import type { Ask, Ids, Rows } from "#cloud/api/matrix.ts";

const message = ({ devEui }: Ids) => ({ dev_eui: devEui, cumulativeFlowM3: 1.5 });
const asks =
  (path: (ids: Ids) => string) =>
  (ids: Ids): readonly Ask[] => [{ path: path(ids), body: message(ids) }];

export const rows: Rows = {
  "POST /ingest": { asks: asks(() => "/ingest") },
  "POST /ingest (tenant)": {
    namesThings: true,
    asks: (ids) => [
      { path: `/ingest?tenant_name=${ids.tenant}`, body: message(ids) },
      { path: "/ingest", body: { ...message(ids), tenant_name: ids.tenant } },
    ],
  },
  "POST /ingest/water-consumption": {
    asks: asks(() => "/ingest/water-consumption"),
  },
  "POST /ingest/water-consumption (tenant)": {
    namesThings: true,
    asks: (ids) => [
      { path: "/ingest/water-consumption", body: { ...message(ids), tenant_name: ids.tenant } },
    ],
  },
  "POST /ingest/:tenant_name": {
    namesThings: true,
    asks: asks(({ tenant }) => `/ingest/${tenant}`),
  },
};
