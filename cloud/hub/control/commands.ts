/**
 * `commands`: what the control socket and the command line can make a hub do. Said as plain JSON,
 * so that it is the same whether the hub runs in this process or in another one.
 */
import type { Hub } from "../hub.ts";
import { GatewayId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { makeBackup } from "../backup/make-backup.ts";
import { createAdmin, type AdminOptions } from "../create-admin.ts";
import { doctor, type DoctorConfig } from "../doctor.ts";
import { makeClaimCode, type ClaimCodeOptions } from "../claim-code-command.ts";
import { enrol, type EnrolOptions } from "../enrol.ts";
import { load, type LoadOptions } from "../load/load.ts";
import { withdraw } from "../withdraw.ts";
import { takeIn } from "../take-in.ts";
import { makeSetupLink, type SetupLinkOptions } from "../setup.ts";

export const commands = {
  load: (hub: Hub, { file, ...options }: { file: unknown } & LoadOptions) =>
    load(hub, file, options),
  enrol: (hub: Hub, { gateway, ...options }: { gateway: unknown } & EnrolOptions) =>
    enrol(hub, gateway, options),
  "claim-code": (hub: Hub, options: ClaimCodeOptions) => makeClaimCode(hub, options),
  revoke: async (hub: Hub, { gateway }: { gateway: string }) => {
    const { gatewayId, exposed = [] } = await withdraw(
      hub,
      systemScope("command"),
      GatewayId.parse(gateway),
      "revoked",
    );
    return { gatewayId, exposed };
  },
  "rotate-key": async (hub: Hub, options: { atOnce?: boolean }) => {
    await hub.rotateTokenKeys(options);
    return { done: true };
  },
  backup: (
    hub: Hub,
    { secretsFolder, ...asked }: { path: string; passphrase: string; secretsFolder: string },
  ) => makeBackup(hub, secretsFolder, asked),
  "create-admin": (hub: Hub, options: AdminOptions) => createAdmin(hub, options),
  doctor: (hub: Hub, config: DoctorConfig) => doctor(hub, config),
  "take-in": (hub: Hub, options: { path: string }) => takeIn(hub, options),
  "setup-link": (hub: Hub, options: SetupLinkOptions) => makeSetupLink(hub, options),
} as const;
export type CommandName = keyof typeof commands;
export type Asked<N extends CommandName> = Parameters<(typeof commands)[N]>[1];
export type Answered<N extends CommandName> = Awaited<ReturnType<(typeof commands)[N]>>;

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}
