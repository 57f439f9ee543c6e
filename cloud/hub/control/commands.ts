/**
 * `commands`: what the control socket and the command line can make a hub do. Said as plain JSON,
 * so that it is the same whether the hub runs in this process or in another one.
 */
import type { Hub } from "../hub.ts";
import { enrol, type EnrolOptions } from "../enrol.ts";
import { load, type LoadOptions } from "../load/load.ts";
import { makeSetupLink, type SetupLinkOptions } from "../setup.ts";

export const commands = {
  load: (hub: Hub, { file, ...options }: { file: unknown } & LoadOptions) =>
    load(hub, file, options),
  enrol: (hub: Hub, { gateway, ...options }: { gateway: unknown } & EnrolOptions) =>
    enrol(hub, gateway, options),
  "setup-link": (hub: Hub, options: SetupLinkOptions) => makeSetupLink(hub, options),
} as const;
export type CommandName = keyof typeof commands;
export type Asked<N extends CommandName> = Parameters<(typeof commands)[N]>[1];
export type Answered<N extends CommandName> = Awaited<ReturnType<(typeof commands)[N]>>;

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}
