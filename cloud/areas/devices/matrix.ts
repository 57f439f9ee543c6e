/** `matrix`: who reaches what of the devices. */
import type { Rows } from "#cloud/api/matrix.ts";

const NEW = "0badc0de0badc0de";

export const rows: Rows = {
  "GET /devices": {
    asks: () => [
      "/devices",
      "/devices?limit=500",
      "/devices?status=offline",
      "/devices?status=never&q=water",
      "/devices?status=maintenance&kind=cold_water&retired=with",
      "/devices?community=none",
      "/devices?unit=none&updated_since=2020-01-01T00:00:00Z",
      "/devices?calibration_before=2032-01-01",
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
  "GET /devices (unit)": { namesThings: true, asks: ({ unit }) => [`/devices?unit=${unit}`] },
  "GET /devices (resident)": {
    namesThings: true,
    asks: ({ resident }) => [`/devices?resident=${resident}`],
  },
  "GET /devices (group)": { namesThings: true, asks: ({ group }) => [`/devices?group=${group}`] },
  "GET /devices/:dev_eui": {
    namesThings: true,
    asks: ({ devEui }) => [
      `/devices/${devEui}`,
      `/devices/${devEui.toUpperCase()}`,
      `/devices/${devEui}?include=telemetry`,
    ],
  },
  "POST /devices/register": {
    namesThings: true,
    asks: ({ community, tenant }) =>
      [community, tenant].map((name) => ({
        path: "/devices/register",
        body: { dev_eui: NEW, device_name: "New", device_type: "water_meter", community: name },
      })),
  },
  "PATCH /devices/:dev_eui": {
    namesThings: true,
    asks: ({ devEui }) => [
      { path: `/devices/${devEui}`, body: { device_name: "Changed" } },
      { path: `/devices/${devEui}`, body: { is_active: false } },
    ],
  },
  "PUT /devices/:dev_eui/assign": {
    namesThings: true,
    asks: ({ devEui, unit }) => [{ path: `/devices/${devEui}/assign`, body: { unit_id: unit } }],
  },
  "PUT /devices/:dev_eui/assign (resident)": {
    namesThings: true,
    asks: ({ devEui, resident }) => [
      { path: `/devices/${devEui}/assign`, body: { end_user_id: resident } },
    ],
  },
  "DELETE /devices/:dev_eui/assign": {
    namesThings: true,
    asks: ({ devEui }) => [`/devices/${devEui}/assign`, `/devices/${devEui}/assign?end_index=7`],
  },
  "GET /devices/:dev_eui/assignments": {
    namesThings: true,
    asks: ({ devEui }) => [`/devices/${devEui}/assignments`],
  },
  "PUT /devices/:dev_eui/status": {
    namesThings: true,
    asks: ({ devEui }) => [{ path: `/devices/${devEui}/status`, body: { status: "maintenance" } }],
  },
  "PATCH /devices/:dev_eui/assignments/:id": {
    namesThings: true,
    asks: ({ devEui }) => [
      { path: `/devices/${devEui}/assignments/i-0000000000000000`, body: { start_index: "1" } },
    ],
  },
  "POST /devices/swap": {
    namesThings: true,
    asks: ({ devEui }) => [
      { path: "/devices/swap", body: { dev_eui: devEui, other_dev_eui: NEW } },
      { path: "/devices/swap", body: { dev_eui: NEW, other_dev_eui: devEui } },
    ],
  },
  "POST /devices/:dev_eui/exchange": {
    namesThings: true,
    asks: ({ devEui }) => [
      { path: `/devices/${devEui}/exchange`, body: { new_device: { dev_eui: NEW } } },
    ],
  },
  "PUT /devices/:dev_eui/community": {
    namesThings: true,
    asks: ({ devEui, tenant }) => [
      { path: `/devices/${devEui}/community`, body: { community: tenant } },
    ],
  },
  "PUT /devices/:dev_eui/community (target)": {
    namesThings: true,
    asks: ({ devEui, community }) => [
      { path: `/devices/${devEui}/community`, body: { community, from: "2026-01-01" } },
    ],
  },
  "POST /devices/bulk": {
    asks: ({ devEui }) => [
      { path: "/devices/bulk", body: { action: "retire", rows: [{ dev_eui: devEui }] } },
    ],
  },
  // Of what is out of reach it says as little as of what is nowhere.
  "POST /devices/label": {
    asks: ({ devEui }) => [
      { path: "/devices/label", body: { text: devEui } },
      { path: "/devices/label", body: { text: `LW:D0:0000000000000001:${devEui}:00000000` } },
    ],
  },
  "GET /devices/:dev_eui/deletion": {
    namesThings: true,
    asks: ({ devEui }) => [`/devices/${devEui}/deletion`],
  },
  "DELETE /devices/:dev_eui": {
    namesThings: true,
    asks: ({ devEui }) => [`/devices/${devEui}?confirm=${devEui}`, `/devices/${devEui}`],
  },
};
