/** `setup-state`: how this gateway is doing, as the setup page shows it. */
import type { SetupState } from "#shared/api/gateway-setup.ts";
import type { Antenna, Knocking } from "#edge/radio/antenna-roster.ts";
import type { Sites } from "#edge/site/sites.ts";
import type { HubState } from "#edge/sync/hub-link.ts";
import { toldTrouble } from "#edge/sync/hub-trouble.ts";

export function setupState(about: {
  readonly gatewayId: string;
  readonly version: string;
  readonly hub: HubState;
  readonly waiting: number;
  readonly sites: Pick<Sites, "all">;
  readonly antennas: readonly Antenna[];
  readonly knocking: readonly Knocking[];
  readonly udpPort: number | null;
}): SetupState {
  const { gatewayId, version, hub, waiting, sites, udpPort } = about;
  const at = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return {
    gatewayId,
    version,
    name: hub.name,
    hub: {
      url: hub.hubUrl,
      isReached: hub.isReached,
      connectedSince: at(hub.connectedSinceMs),
      awaySince: at(hub.awaySinceMs),
      lastSuccessAt: at(hub.lastSuccessMs),
      lastError: hub.trouble?.sentence ?? null,
      trouble: toldTrouble(hub.trouble),
      waiting,
      waitingBytes: hub.waitingBytes,
      completeUntil: at(hub.completeUntilMs),
      etaMs: hub.etaMs,
      denied: hub.denied,
      hasTwin: hub.hasTwin,
    },
    claim: hub.claim,
    claimRefused: hub.claimRefused,
    antennas: about.antennas.map(({ eui, address, lastHeardAt, packets }) => ({
      eui,
      address,
      lastHeardAt: new Date(lastHeardAt).toISOString(),
      packets,
    })),
    knocking: about.knocking.map(({ address, eui, lastHeardAt }) => ({
      address,
      eui,
      lastHeardAt: new Date(lastHeardAt).toISOString(),
    })),
    udpPort,
    communities: sites.all().map(({ community: { name, projectedAt } }) => ({ name, projectedAt })),
  };
}
