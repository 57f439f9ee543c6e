/** `matrix`: who may send files of devices, and whose uploads they see. */
import type { Ids, Rows } from "#cloud/api/matrix.ts";

const file = "dev_eui;device_name\n";
const past = "dev_eui;time;index;unit\n";
const people = "email;first_name\n";

export const rows: Rows = {
  "GET /uploads/devices/template": {
    asks: () => ["/uploads/devices/template", "/uploads/devices/template?format=xlsx"],
  },
  "POST /uploads/devices": {
    namesThings: true,
    asks: ({ community, tenant }) => [
      { path: `/uploads/devices?dry_run=true&community=${community}`, body: file },
      { path: `/uploads/devices?community=${tenant}`, body: file },
    ],
  },
  "GET /uploads/residents/template": {
    asks: () => ["/uploads/residents/template", "/uploads/residents/template?format=xlsx"],
  },
  "POST /uploads/residents": {
    namesThings: true,
    asks: ({ community, tenant }) => [
      { path: `/uploads/residents?dry_run=true&community=${community}`, body: people },
      { path: `/uploads/residents?community=${tenant}`, body: people },
    ],
  },
  "GET /uploads/readings/template": {
    asks: () => ["/uploads/readings/template", "/uploads/readings/template?format=xlsx"],
  },
  "POST /uploads/readings": {
    namesThings: true,
    asks: ({ community, tenant }) => [
      { path: `/uploads/readings?dry_run=true&community=${community}`, body: past },
      { path: `/uploads/readings?community=${tenant}`, body: past },
    ],
  },
  "POST /uploads/comparison": {
    namesThings: true,
    asks: ({ community, tenant }) => [
      { path: `/uploads/comparison?community=${community}`, body: past },
      { path: `/uploads/comparison?community=${tenant}&tolerance=0.01`, body: past },
    ],
  },
  "GET /uploads": { asks: () => ["/uploads", "/uploads?limit=1&offset=1"] },
  "GET /uploads/:upload_id": {
    namesThings: true,
    asks: ({ upload }: Ids) => [`/uploads/${upload}`],
  },
  "GET /uploads/:upload_id/rows": {
    namesThings: true,
    asks: ({ upload }) => [
      `/uploads/${upload}/rows`,
      `/uploads/${upload}/rows?outcome=failed&limit=5`,
    ],
  },
  "POST /uploads/:upload_id/undo": {
    namesThings: true,
    asks: ({ upload }) => [{ path: `/uploads/${upload}/undo`, body: {} }],
  },
};
