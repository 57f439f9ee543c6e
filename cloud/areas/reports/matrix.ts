/** `matrix`: who reaches what of the reports. */
import type { Ids, Row, Rows } from "#cloud/api/matrix.ts";

const DATES = "from=2026-10-01&to=2026-11-01";

const ofCommunity = (path: string, more = ""): Row => ({
  namesThings: true,
  asks: ({ community, tenant, unit, building }: Ids) => [
    `${path}?community=${community}&${DATES}${more}`,
    `${path}?community=${tenant}&${DATES}&kind=cold_water&building=none${more}`,
    `${path}?community=${community}&${DATES}&unit=${unit}${more}`,
    `${path}?community=${community}&${DATES}&building=${building}${more}`,
  ],
});

export const rows: Rows = {
  "GET /reports/billing": ofCommunity("/reports/billing", "&limit=1"),
  "GET /reports/billing (group)": {
    namesThings: true,
    asks: ({ community, group }) => [
      `/reports/billing?community=${community}&${DATES}&group=${group}`,
    ],
  },
  "GET /reports/billing/file": ofCommunity("/reports/billing/file", "&format=xlsx"),
  "GET /reports/totals": ofCommunity("/reports/totals", "&by=building"),
  "GET /reports/completeness": ofCommunity("/reports/completeness", "&share=0.5"),
  "GET /devices/:dev_eui/consumption": {
    namesThings: true,
    asks: ({ devEui }) => [
      `/devices/${devEui}/consumption?${DATES}`,
      `/devices/${devEui}/consumption?${DATES}&step=hour`,
    ],
  },
  "GET /units/:unit_id/consumption": {
    namesThings: true,
    asks: ({ unit }) => [
      `/units/${unit}/consumption?${DATES}`,
      `/units/${unit}/consumption?${DATES}&step=month&kind=hot_water`,
    ],
  },
};
