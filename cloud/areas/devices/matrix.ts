/** `matrix`: who reaches what of the devices. */
import type { Rows } from "#cloud/api/matrix.ts";

export const rows: Rows = {
  "GET /devices": {
    asks: () => [
      "/devices",
      "/devices?limit=500",
      "/devices?status=offline",
      "/devices?status=never&q=water",
    ],
  },
  "GET /devices (community)": {
    namesThings: true,
    asks: ({ community, tenant }) => [
      `/devices?community=${community}`,
      `/devices?community=${tenant}`,
      `/devices?community=${community}&q=water&status=offline&limit=1`,
    ],
  },
  "GET /devices/:dev_eui": {
    namesThings: true,
    asks: ({ devEui }) => [`/devices/${devEui}`, `/devices/${devEui.toUpperCase()}`],
  },
};
