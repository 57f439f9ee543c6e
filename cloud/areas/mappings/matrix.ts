/** `matrix`: who reaches what of the mappings. */
import type { Rows } from "#cloud/api/matrix.ts";

const mapping = {
  topic: null,
  device: { pointer: "/id" },
  time: null,
  values: [{ pointer: "/water", register: "8-0:1.0.0" }],
};
const draft = { title: "Somebody's JSON", mapping };

export const rows: Rows = {
  "GET /mappings": { asks: () => ["/mappings", "/mappings?limit=1"] },
  "GET /mappings/:name": { namesThings: true, asks: ({ mapping: name }) => [`/mappings/${name}`] },
  "POST /mappings": {
    namesThings: true,
    asks: ({ community }) => [{ path: "/mappings", body: { ...draft, name: "fresh", community } }],
  },
  "PUT /mappings/:name": {
    namesThings: true,
    asks: ({ mapping: name }) => [{ path: `/mappings/${name}`, body: draft }],
  },
  "DELETE /mappings/:name": {
    namesThings: true,
    asks: ({ mapping: name }) => [`/mappings/${name}`],
  },
  "POST /mappings/trial": {
    asks: () => [{ path: "/mappings/trial", body: { mapping, sample: { body: '{"water":1}' } } }],
  },
};
