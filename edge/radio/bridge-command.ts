/**
 * `bridge-command`: an order to send, in the words of a ChirpStack Gateway Bridge: ChirpStack 4's,
 * or 3's, which counts kHz, writes ids in base64 and gives a token.
 *
 * @see ChirpStack Gateway Bridge documentation, "Payloads", "Commands", "down"
 */
import type { BridgeFrame } from "#shared/formats/format.ts";
import type { DownlinkOrder } from "./antenna-link.ts";

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

/** @param token 0–65535, told back by the bridge when it answers */
export function bridgeCommand(
  { antenna, version, context }: BridgeFrame,
  order: DownlinkOrder,
  token: number,
): unknown {
  return version === 3
    ? commandOf3(antenna, context, order, token)
    : commandOf4(antenna, context, order, token);
}

function commandOf4(
  antenna: string,
  context: string | undefined,
  { phy, frequencyHz, powerDbm, bandwidthHz, sf, afterS }: DownlinkOrder,
  token: number,
): unknown {
  const lora = {
    bandwidth: bandwidthHz,
    spreadingFactor: sf,
    codeRate: "CR_4_5",
    polarizationInversion: true,
  };
  return {
    downlinkId: token,
    gatewayId: antenna,
    items: [
      {
        phyPayload: base64(phy),
        txInfo: {
          frequency: frequencyHz,
          power: powerDbm,
          modulation: { lora },
          timing: { delay: { delay: `${afterS}s` } },
          context,
        },
      },
    ],
  };
}

function commandOf3(
  antenna: string,
  context: string | undefined,
  { phy, frequencyHz, powerDbm, bandwidthHz, sf, afterS }: DownlinkOrder,
  token: number,
): unknown {
  const gatewayID = base64(Buffer.from(antenna, "hex"));
  const txInfo = {
    gatewayID,
    frequency: frequencyHz,
    power: powerDbm,
    modulation: "LORA",
    loRaModulationInfo: {
      bandwidth: bandwidthHz / 1000,
      spreadingFactor: sf,
      codeRate: "4/5",
      polarizationInversion: true,
    },
    board: 0,
    antenna: 0,
    timing: "DELAY",
    delayTimingInfo: { delay: `${afterS}s` },
    context,
  };
  const downlinkID = Buffer.alloc(16);
  downlinkID.writeUInt16BE(token, 14);
  return {
    token,
    downlinkID: base64(downlinkID),
    gatewayID,
    items: [{ phyPayload: base64(phy), txInfo }],
  };
}
