/** `gateway-states`: how a gateway may stand, as lists are filtered by. For pages too: no schemas here. */

/** A gateway that has not spoken for so long is away, ms: an idle one asks every half minute. */
export const GATEWAY_AWAY_MS = 180_000;

/** Here; silent for some minutes; with an older `site` than the hub's; let in no more. */
export const gatewayStates = ["here", "away", "pending", "withdrawn"] as const;
