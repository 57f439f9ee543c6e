/**
 * `plan`: what a simulated building is made of: its households, its devices and the antennas that
 * hear them. One JSON file, read by the simulator at its start.
 *
 * Holds the keys of simulated devices. Must never name a person or a home.
 *
 * History: 1 = first release.
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { DevEui } from "#shared/model/ids.ts";
import { Fault } from "#shared/model/fault.ts";

const Eui = z.string().regex(/^[0-9a-f]{16}$/, "16 hex digits");
const Ms = z.number().int().min(0);

const Household = z.object({
  stays: z.array(z.object({ fromMs: Ms, people: z.number().int().min(0) })).min(1),
  leak: z.object({ fromMs: Ms, litresPerHour: z.number().int().positive() }).exactOptional(),
});

export const PlannedDevice = z.object({
  devEui: DevEui,
  model: z.enum([
    "elvaco/cmi4110",
    "quandify/cubicmeter-1-1",
    "milesight/ws52x",
    "milesight/ct101",
    "milesight/em300-th",
  ]),
  /** Place in `households`. */
  household: z.number().int().min(0),
  /**
   * How it is heard live: `lorawan` joins and sends encrypted frames over the antennas, `mqtt`
   * goes on through the network server that told its history.
   */
  way: z.enum(["lorawan", "mqtt"]),
  /** For `lorawan`: what it joins with. */
  joinEui: Eui.optional(),
  appKey: z
    .string()
    .regex(/^[0-9a-f]{32}$/, "32 hex digits")
    .optional(),
  /** The network server's address of it, in its history. */
  devAddr: z.string().regex(/^[0-9a-f]{8}$/, "8 hex digits"),
  /** Places in `antennas`; the first one hears it best. */
  antennas: z.array(z.number().int().min(0)).min(1),
  /** 7 is near, 12 is far. */
  sf: z.number().int().min(7).max(12),
  /** Asks for an acknowledgement each time. */
  isConfirmed: z.boolean(),
  /** Says nothing from here on, epoch ms. */
  silentFromMs: Ms.optional(),
  /** Nobody registered it: it has no history, and nothing of it is kept for a community. */
  isStranger: z.boolean(),
});
export type PlannedDevice = z.infer<typeof PlannedDevice>;

export const Plan = z
  .object({
    v: z.literal(1),
    /** `[fromMs, toMs)`, one uplink per device each `everyMs`, epoch ms. */
    history: z.object({ fromMs: Ms, toMs: Ms, everyMs: z.number().int().min(60_000) }),
    /** How often each device sends live, ms, before `--speed`. */
    liveEveryMs: z.number().int().min(100),
    antennas: z.array(Eui).min(1),
    households: z.array(Household).min(1),
    devices: z.array(PlannedDevice).min(1),
  })
  .superRefine(({ households, antennas, devices }, context) => {
    const seen = new Set<string>();
    for (const [i, device] of devices.entries()) {
      const complain = (message: string) =>
        context.addIssue({ code: "custom", path: ["devices", i], message });
      if (seen.has(device.devEui)) complain("the DevEUI stands here twice");
      seen.add(device.devEui);
      if (device.household >= households.length) complain("there is no such household");
      if (device.antennas.some((antenna) => antenna >= antennas.length))
        complain("there is no such antenna");
      if (device.way === "lorawan" && (!device.joinEui || !device.appKey))
        complain("a LoRaWAN device needs joinEui and appKey");
    }
  });
export type Plan = z.infer<typeof Plan>;

/** @throws Fault "invalid" that says where the file is wrong */
export async function readPlan(file: string): Promise<Plan> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new Fault(
      "invalid",
      `the plan ${file} cannot be read: ${(error as Error).message}`,
      {},
      error,
    );
  }
  const parsed = Plan.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Fault("invalid", `the plan ${file} is wrong:\n${z.prettifyError(parsed.error)}`);
}
