/**
 * `site-example`: a community of two homes as the hub would project it, for tests of the gateway.
 *
 * Home 1A: water and temperature; somebody moved out on 10 November 2026, somebody else moved in.
 * Home 1B: water.
 */
import { hashSecret } from "#shared/auth/secret-hash.ts";
import type {
  DeviceId,
  InstallationId,
  ResidentId,
  TenancyId,
  TenantName,
  UnitId,
} from "#shared/model/ids.ts";
import type { SiteDocument } from "#shared/model/site.ts";

export const TENANT = "riverside" as TenantName;
const id = <T extends string>(kind: string, n: number) =>
  `${kind}-${String(n).padStart(16, "0")}` as T;

export const WATER_1A = "70b3d57ed0000001" as DeviceId;
export const WATER_1B = "70b3d57ed0000002" as DeviceId;
export const ROOM_1A = "24e124136b000001" as DeviceId;
export const HOME_1A = id<UnitId>("u", 1);
export const HOME_1B = id<UnitId>("u", 2);
export const FORMER = {
  residentId: id<ResidentId>("r", 1),
  code: "AAAA-0000-0000-0001",
  firstName: "Ada",
};
export const PRESENT = {
  residentId: id<ResidentId>("r", 2),
  code: "BBBB-0000-0000-0002",
  firstName: "Ben",
};
export const NEIGHBOUR = {
  residentId: id<ResidentId>("r", 3),
  code: "CCCC-0000-0000-0003",
  firstName: "Cleo",
};
/** Local midnight in Madrid. */
export const MOVED_AT = "2026-11-09T23:00:00.000Z";
const SINCE = "2026-01-01T00:00:00.000Z";

export async function siteExample(generation = 1): Promise<SiteDocument[]> {
  const device = (
    deviceId: DeviceId,
    n: number,
    unitId: UnitId,
    rest: { kind: "cold_water" | "temperature"; model: string },
  ): SiteDocument => ({
    _id: `device:${deviceId}`,
    type: "device",
    v: 1,
    deviceId,
    name: `Meter ${n}`,
    expectedIntervalMs: 3_600_000,
    held: [{ from: SINCE }],
    installations: [{ installationId: id<InstallationId>("i", n), unitId, from: SINCE }],
    ...rest,
  });
  const code = async ({
    residentId,
    code: text,
    firstName,
  }: typeof FORMER): Promise<SiteDocument> => {
    const finder = text.slice(0, 4);
    const secretHash = await hashSecret(text.slice(5).replaceAll("-", ""));
    return {
      _id: `code:${finder}`,
      type: "code",
      v: 1,
      finder,
      secretHash,
      residentId,
      firstName,
      language: "en",
      isDisabled: false,
    };
  };
  return [
    {
      _id: "site",
      type: "site",
      v: 1,
      tenant: TENANT,
      generation,
      name: "Riverside",
      zones: [{ from: SINCE, zone: "Europe/Madrid" }],
      language: "en",
      brand: { name: "Riverside HOA" },
      projectedAt: "2026-11-20T00:00:00.000Z",
    },
    {
      _id: `unit:${HOME_1A}`,
      type: "unit",
      v: 1,
      unitId: HOME_1A,
      name: "1A",
      tenancies: [
        {
          tenancyId: id<TenancyId>("t", 1),
          residentId: FORMER.residentId,
          from: SINCE,
          to: MOVED_AT,
        },
        { tenancyId: id<TenancyId>("t", 2), residentId: PRESENT.residentId, from: MOVED_AT },
      ],
    },
    {
      _id: `unit:${HOME_1B}`,
      type: "unit",
      v: 1,
      unitId: HOME_1B,
      name: "1B",
      tenancies: [
        { tenancyId: id<TenancyId>("t", 3), residentId: NEIGHBOUR.residentId, from: SINCE },
      ],
    },
    device(WATER_1A, 1, HOME_1A, { kind: "cold_water", model: "quandify/cubicmeter-1-1" }),
    device(WATER_1B, 2, HOME_1B, { kind: "cold_water", model: "quandify/cubicmeter-1-1" }),
    device(ROOM_1A, 3, HOME_1A, { kind: "temperature", model: "milesight/em300-th" }),
    await code(FORMER),
    await code(PRESENT),
    await code(NEIGHBOUR),
  ];
}
