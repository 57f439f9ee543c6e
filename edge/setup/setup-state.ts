/** `setup-state`: how this gateway is doing, as the setup page shows it. */
import type { SetupState } from "#shared/api/gateway-setup.ts";
import type { Antenna, Knocking } from "#edge/radio/antenna-roster.ts";
import type { Sites } from "#edge/site/sites.ts";
import type { LeftBehind } from "#shared/model/left-behind.ts";
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
  readonly leftBehind: readonly LeftBehind[];
  /** Names of communities. */
  readonly keysUnopened: readonly string[];
}): SetupState {
  const { gatewayId, version, hub, waiting, sites, udpPort } = about;
  const at = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return {
    gateway_id: gatewayId,
    version,
    name: hub.name,
    hub: {
      url: hub.hubUrl,
      is_reached: hub.isReached,
      connected_since: at(hub.connectedSinceMs),
      away_since: at(hub.awaySinceMs),
      last_success_at: at(hub.lastSuccessMs),
      last_error: hub.trouble?.sentence ?? null,
      trouble: toldTrouble(hub.trouble),
      waiting,
      waiting_bytes: hub.waitingBytes,
      complete_until: at(hub.completeUntilMs),
      eta_ms: hub.etaMs,
      denied: hub.denied,
      has_twin: hub.hasTwin,
    },
    left_behind: about.leftBehind.map(({ deviceId, why }) => ({ device: deviceId, why })),
    keys_unopened: [...about.keysUnopened],
    claim: hub.claim,
    claim_refused: hub.claimRefused,
    antennas: about.antennas.map(({ eui, address, lastHeardAt, packets }) => ({
      eui,
      address,
      last_heard_at: new Date(lastHeardAt).toISOString(),
      packets,
    })),
    knocking: about.knocking.map(({ address, eui, lastHeardAt }) => ({
      address,
      eui,
      last_heard_at: new Date(lastHeardAt).toISOString(),
    })),
    udp_port: udpPort,
    communities: sites
      .all()
      .map(({ community: { name, projectedAt } }) => ({ name, projected_at: projectedAt })),
  };
}
