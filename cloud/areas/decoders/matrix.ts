/** `matrix`: who reaches what of the decoders. */
import type { Rows } from "#cloud/api/matrix.ts";

const source = "function decodeUplink() { return { data: { water: 1 } }; }";
const draft = { title: "A meter", source, mapping: { fields: [] } };

export const rows: Rows = {
  "GET /decoders": { asks: () => ["/decoders", "/decoders?limit=1"] },
  "GET /decoders/:slug": { namesThings: true, asks: ({ decoder }) => [`/decoders/${decoder}`] },
  "GET /decoders/:slug/versions/:version": {
    namesThings: true,
    asks: ({ decoder }) => [`/decoders/${decoder}/versions/1`],
  },
  "POST /decoders": {
    namesThings: true,
    asks: ({ community }) => [{ path: "/decoders", body: { ...draft, slug: "fresh", community } }],
  },
  "PUT /decoders/:slug": {
    namesThings: true,
    asks: ({ decoder }) => [{ path: `/decoders/${decoder}`, body: draft }],
  },
  "DELETE /decoders/:slug": { namesThings: true, asks: ({ decoder }) => [`/decoders/${decoder}`] },
  "POST /decoders/trial": {
    asks: () => [{ path: "/decoders/trial", body: { source, samples: [{ fPort: 1, hex: "00" }] } }],
  },
  "POST /decoders/trial/downlink": {
    asks: () => [{ path: "/decoders/trial/downlink", body: { source, data: {} } }],
  },
  "POST /decoders/:slug/examples": {
    namesThings: true,
    asks: ({ decoder }) => [`/decoders/${decoder}/examples`],
  },
  "PUT /decoders/:slug/devices": {
    namesThings: true,
    asks: ({ decoder, devEui }) => [
      { path: `/decoders/${decoder}/devices`, body: { dev_euis: [devEui] } },
    ],
  },
};
