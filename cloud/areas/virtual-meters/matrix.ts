/** `matrix`: who reaches what of the virtual meters. */
import type { Rows } from "#cloud/api/matrix.ts";

const DATES = "from=2026-10-01&to=2026-11-01";

export const rows: Rows = {
  "GET /virtual-meters": {
    asks: () => ["/virtual-meters", "/virtual-meters?limit=500&kind=cold_water&q=a"],
  },
  "GET /virtual-meters (device)": {
    asks: ({ devEui }) => [`/virtual-meters?dev_eui=${devEui}`],
  },
  "GET /virtual-meters (community)": {
    namesThings: true,
    asks: ({ community, tenant }) => [
      `/virtual-meters?community=${community}`,
      `/virtual-meters?community=${tenant}`,
    ],
  },
  "POST /virtual-meters": {
    namesThings: true,
    asks: ({ community, devEui }) => [
      {
        path: "/virtual-meters",
        body: { community, name: "Losses", kind: "cold_water", members: [{ dev_eui: devEui }] },
      },
    ],
  },
  "GET /virtual-meters/:id": {
    namesThings: true,
    asks: ({ virtualMeter }) => [`/virtual-meters/${virtualMeter}`],
  },
  "GET /virtual-meters/:id/consumption": {
    namesThings: true,
    asks: ({ virtualMeter }) => [
      `/virtual-meters/${virtualMeter}/consumption?${DATES}`,
      `/virtual-meters/${virtualMeter}/consumption?${DATES}&step=hour`,
    ],
  },
  "PATCH /virtual-meters/:id": {
    namesThings: true,
    asks: ({ virtualMeter, devEui }) => [
      {
        path: `/virtual-meters/${virtualMeter}`,
        body: { members: [{ dev_eui: devEui, sign: "minus", valid_from: "2026-10-01" }] },
      },
    ],
  },
  "DELETE /virtual-meters/:id": {
    namesThings: true,
    asks: ({ virtualMeter }) => [{ path: `/virtual-meters/${virtualMeter}`, body: {} }],
  },
};
