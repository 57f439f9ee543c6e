/**
 * `site-routes`: an installer's work at the site: which homes and meters there are, a meter registered,
 * mounted and taken away. Each acts here at once and is a request to the hub.
 */
import { Hono } from "hono";
import { success } from "#shared/api/envelope.ts";
import {
  SetupLabel,
  SetupRequest,
  type SetupLabelAnswer,
  type SetupRequestRow,
  type SetupSite,
} from "#shared/api/gateway-setup.ts";
import { isIn, type Site } from "#shared/access/site.ts";
import { readLabel } from "#shared/devices/labels/read-label.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import { newId, type DeviceId, type InstallationId, type TenantName } from "#shared/model/ids.ts";
import type { JoinKeys } from "#shared/model/site.ts";
import type { z } from "zod";
import type { RequestBook } from "#edge/requests/request-book.ts";
import type { SiteRequest } from "#edge/requests/site-request.ts";
import type { Sites } from "#edge/site/sites.ts";
import { body } from "./body.ts";

export interface SiteRoutesOptions {
  readonly sites: Pick<Sites, "all" | "get" | "holder">;
  readonly requests: Pick<RequestBook, "make" | "of">;
  /** When a community's device was last heard, epoch ms. */
  readonly lastHeard: (tenant: TenantName, deviceId: DeviceId) => Promise<number | null>;
  readonly clock: Clock;
  readonly random: (size: number) => Uint8Array;
}

/** Routes for somebody who is signed in already. */
export function siteRoutes({ sites, requests, lastHeard, clock, random }: SiteRoutesOptions): Hono {
  const app = new Hono();
  const shown = async (site: Site): Promise<SetupSite["communities"][number]> => {
    const nowMs = clock.now();
    const devices = await Promise.all(
      [...site.devices.values()].map(async (device) => {
        const { deviceId, name, kind, model, serial = null, installations } = device;
        const unitId = installations.find((one) => isIn(one, nowMs))?.unitId ?? null;
        const heardMs = await lastHeard(site.tenant, deviceId);
        return {
          id: deviceId,
          name,
          kind,
          model,
          serial,
          unit_id: unitId,
          last_heard_at: heardMs === null ? null : new Date(heardMs).toISOString(),
        };
      }),
    );
    return {
      tenant: site.tenant,
      name: site.community.name,
      units: [...site.units.values()].map(({ unitId, name, building = null }) => ({
        id: unitId,
        name,
        building,
      })),
      devices,
      requests: requests.of(site.tenant).map(rowOf).toReversed(),
    };
  };

  app.get("/site", async (c) =>
    c.json(success<SetupSite>({ communities: await Promise.all(sites.all().map(shown)) })),
  );
  app.post("/label", async (c) => {
    const { text } = await body(c, SetupLabel);
    const { devEui, joinEui, appKey, serial, model, problems } = readLabel(text);
    return c.json(
      success<z.infer<typeof SetupLabelAnswer>>({
        dev_eui: devEui ?? null,
        join_eui: joinEui ?? null,
        app_key: appKey ?? null,
        serial: serial ?? null,
        model: model ?? null,
        problems: [...problems],
      }),
    );
  });
  app.post("/requests", async (c) => {
    const said = await body(c, SetupRequest);
    const site = sites.get(said.tenant);
    if (!site) throw new Fault("not_found", "This gateway does not serve such a community.");
    return c.json(success(rowOf(await ask(site, said))));
  });

  const ask = (site: Site, said: SetupRequest): Promise<SiteRequest> => {
    const now = new Date(clock.now()).toISOString();
    const { id: requestId, tenant: _, ...rest } = said;
    const by = "installer" as const;
    // Sent again: it is what it was, with the time it had.
    const known = requests.of(site.tenant).find((one) => one.requestId === requestId);
    if (rest.kind === "register") {
      const { kind, dev_eui, join_eui: joinEui, app_key: appKey, measures, ...device } = rest;
      const deviceId = dev_eui as string as DeviceId;
      if ((joinEui === undefined) !== (appKey === undefined))
        throw wrong(
          joinEui === undefined ? "join_eui" : "app_key",
          "JoinEUI and AppKey go together",
        );
      if (!known && sites.holder(deviceId, clock.now()))
        throw new Fault("conflict", "This device is registered already.");
      const from = known?.kind === kind ? known.asked.from : now;
      const told = { ...device, deviceId, from, ...(measures && { kind: measures }) };
      const keys: JoinKeys | undefined =
        joinEui === undefined || appKey === undefined
          ? undefined
          : { joinEui, appKey, macVersion: "1.0" };
      return requests.make(site, { requestId, kind, by, asked: told, ...(keys && { keys }) });
    }
    const { dev_eui: deviceId, unit_id: unitId } = rest;
    const indexUnit = rest.index_unit === undefined ? {} : { indexUnit: rest.index_unit };
    const device = site.devices.get(deviceId);
    if (!known && !device) throw new Fault("not_found", "There is no such device here.");
    if (rest.kind === "mount") {
      if (!known && !site.units.has(unitId))
        throw new Fault("not_found", "There is no such home here.");
      const { kind, at, start_index: startIndex } = rest;
      const from = at ?? (known?.kind === kind ? known.asked.from : now);
      notAhead(from, clock.now());
      const installationId = newId<InstallationId>("i", random);
      return requests.make(site, {
        requestId,
        kind,
        by,
        asked: {
          installationId,
          deviceId,
          unitId,
          from,
          ...(startIndex === undefined ? {} : { startIndex }),
          ...indexUnit,
        },
      });
    }
    const { kind, at, end_index: endIndex } = rest;
    const to = at ?? (known?.kind === kind ? known.asked.to : now);
    notAhead(to, clock.now());
    const isThere = device?.installations.some(
      (one) => one.unitId === unitId && isIn(one, Date.parse(to)),
    );
    if (!known && !isThere) throw new Fault("conflict", "It is not mounted in that home then.");
    return requests.make(site, {
      requestId,
      kind,
      by,
      asked: {
        deviceId,
        unitId,
        to,
        ...(endIndex === undefined ? {} : { endIndex }),
        ...indexUnit,
      },
    });
  };
  return app;
}

const wrong = (field: string, message: string) =>
  new Fault("invalid", `${field}: ${message}`, { fields: { [field]: message } });

/** Work that was done is told, not planned. */
function notAhead(at: string, nowMs: number): void {
  if (Date.parse(at) > nowMs + 60_000) throw wrong("at", "lies ahead");
}

function rowOf({ requestId, kind, at, asked, answer }: SiteRequest): SetupRequestRow {
  const about = asked as { readonly deviceId?: string; readonly unitId?: string };
  return {
    id: requestId,
    kind,
    at,
    dev_eui: about.deviceId ?? null,
    unit_id: about.unitId ?? null,
    state: answer?.outcome ?? "waiting",
    says: answer?.reason ?? null,
    answered_at: answer?.at ?? null,
  };
}
