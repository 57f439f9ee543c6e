/** `pages`: the paths of the residents' pages: said once, for the routes and for the links. */
export const residentPages = ["/", "/homes/:unitId", "/homes/:unitId/meters/:meterId"] as const;
