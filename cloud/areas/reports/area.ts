/** `reports`: what was used, for bills and for whoever wants to know. */
import type { Area } from "#cloud/api/route.ts";
import { billingRoutes } from "./billing.ts";
import { consumptionRoutes } from "./consumption.ts";

export const reports: Area = {
  name: "reports",
  title: "Bills, consumption and completeness",
  routes: [...billingRoutes, ...consumptionRoutes],
};
