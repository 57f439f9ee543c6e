/** `pages`: the paths of the operator's pages: said once, for the routes and for the links. */
export const adminPages = [
  "/",
  "/setup",
  "/activate",
  "/enter",
  "/forgotten",
  "/homes/:unitId",
  "/homes/:unitId/meters/:meterId",
  "/communities",
  "/devices",
  "/devices/:devEui",
  "/unregistered",
  "/gateways",
  "/conservation",
  "/mappings",
  "/decoders",
  "/decoders/:slug",
] as const;
