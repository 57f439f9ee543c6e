/** `own-settings`: what residents set for themselves on the gateway: it holds at once, and goes up as a request. */
import type { z } from "zod";
import type { OwnSettings, OwnSettingsChange } from "#shared/api/resident.ts";
import { RequestId } from "#shared/model/events/request.ts";
import { Fault } from "#shared/model/fault.ts";
import { newId } from "#shared/model/ids.ts";
import type { RequestBook } from "#edge/requests/request-book.ts";
import type { Sites } from "#edge/site/sites.ts";
import type { SignedIn } from "./sign-ins.ts";

export interface OwnSettingsKeeper {
  of(who: SignedIn): OwnSettings;
  change(who: SignedIn, change: z.infer<typeof OwnSettingsChange>): Promise<OwnSettings>;
}

export function ownSettings({
  sites,
  requests,
  random,
}: {
  readonly sites: Pick<Sites, "get">;
  readonly requests: Pick<RequestBook, "make" | "of">;
  readonly random: (size: number) => Uint8Array;
}): OwnSettingsKeeper {
  const of = ({ scope: { tenant, residentId }, code: { finder } }: SignedIn): OwnSettings => {
    const site = sites.get(tenant);
    const code = site?.codes.get(finder);
    if (!site || !code) throw new Fault("unauthorized", "Please sign in.");
    const own = requests
      .of(tenant)
      .filter(({ kind, by }) => kind === "resident-settings" && by === residentId);
    const newest = own.at(-1)?.answer?.outcome;
    return {
      language: code.language,
      hours: {
        is_asked: site.community.hourlyDetail === "consent",
        is_agreed: code.hasAgreedToHours === true,
      },
      is_waiting: own.some(({ answer }) => !answer),
      is_refused: newest === "refused" || newest === "changed-meanwhile",
    };
  };
  return {
    of,
    async change(who, asked) {
      const now = of(who);
      const isNews =
        (asked.language !== undefined && asked.language !== now.language) ||
        (asked.hours !== undefined && asked.hours !== now.hours.is_agreed);
      const { tenant, residentId } = who.scope;
      const site = sites.get(tenant);
      if (site && isNews)
        await requests.make(site, {
          requestId: RequestId.parse(newId("q", random)),
          kind: "resident-settings",
          by: residentId,
          asked,
        });
      return of(who);
    },
  };
}
