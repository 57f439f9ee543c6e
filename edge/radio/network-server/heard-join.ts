/**
 * `heard-join`: a join request from the air.
 *
 * The accept leaves only when its nonces and its session are durable. The former session stays
 * until the device speaks in the new one, for it may not have heard the accept.
 */
import { verifyJoinRequestMic, type JoinRequest } from "lorawan-packet-decoder";
import { DevEui, DeviceId } from "#shared/model/ids.ts";
import type { HeardFrame } from "../antenna-link.ts";
import type { Context } from "./context.ts";
import { drawDevAddr } from "./dev-addr.ts";
import type { Device } from "./device-table.ts";
import { sendInWindow } from "./downlink.ts";
import { JOIN_ACCEPT_DELAY_S, RX2 } from "./eu868.ts";
import { acceptJoin, isNonceUsed, type RootKeys } from "./join.ts";
import { frameMark } from "./transmission.ts";

/** Resolves when the request is settled. @throws Fault "unavailable" when the session could not be made durable */
export async function heardJoin(
  context: Context,
  heard: HeardFrame,
  request: JoinRequest,
): Promise<void> {
  const deviceId = DeviceId.parse(request.devEui);
  const keys = context.keysOf(deviceId);
  if (!keys || !("joinEui" in keys) || keys.joinEui !== request.joinEui) {
    context.tally.refused("join_unknown");
    context.ear.glimpse({
      deviceId,
      heardAt: heard.heardAt,
      radio: heard.radio,
      via: "lorawan",
      joinEui: request.joinEui,
    });
    return;
  }
  if (!verifyJoinRequestMic(request, keys.appKey)) {
    context.tally.refused("mic_wrong");
    context.log.info({ devEui: request.devEui }, "a join request does not fit the device's key");
    return;
  }
  const device = context.table.device(request.devEui);
  await device.queue(() => take(context, device, heard, request, keys));
}

async function take(
  context: Context,
  device: Device,
  heard: HeardFrame,
  request: JoinRequest,
  keys: RootKeys,
): Promise<void> {
  const { table, tally, clock, log, netId, random } = context;
  const mark = frameMark(request.bytes);
  const { familiarity } = device.transmissions.recognise(mark, heard);
  if (familiarity === "resent") return;
  if (familiarity === "copy") return context.heardElsewhere();
  if (isNonceUsed(device.record, request, keys)) return tally.refused("join_replayed");
  const accepted = acceptJoin(device.record, request, keys, {
    devEui: DevEui.parse(request.devEui),
    netId,
    devAddr: drawDevAddr(netId, random, (devAddr) => table.isTaken(devAddr)),
    now: clock.now(),
  });
  if (!accepted) {
    tally.refused("join_unknown");
    log.error(
      { devEui: device.devEui },
      "all join nonces of this device are used up: it needs a new root key",
    );
    return;
  }
  await context.store.save(accepted.record);
  table.set(device, accepted.record);
  device.transmissions.note(mark, heard);
  context.track(
    sendInWindow(heard, accepted.accept, { rx1DelayS: JOIN_ACCEPT_DELAY_S, rx2: RX2 }, clock).then(
      (outcome) => {
        if (outcome.outcome === "late") tally.refused("downlink_refused");
        log.info({ devEui: device.devEui, antenna: heard.antenna, ...outcome }, "join accepted");
      },
    ),
  );
}
