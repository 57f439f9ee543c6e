/** `help`: what the hub's program can do and how it is set. */
import { settings, type Setting } from "./config.ts";

export const HELP = `riser-hub: the hub

  npm run hub                                   serve until stopped
  npm run hub -- enrol <gateway.json> --community <tenant_name> [--community …] [--name <name>]
                                                let a gateway in, by its public keys
  npm run hub -- claim-code --community <tenant_name> [--community …] [--name <name>] [--replaces <gateway id>]
                                                a code with which a gateway comes in, once
  npm run hub -- revoke <gateway id>            let a gateway in no more
  npm run hub -- rotate-key [--now]             sign gateways' tokens with a new key; --now for one that leaked
  npm run hub -- load <file.json> [--json] [--new-codes] [--new-organization]
                                                load communities, homes, people and devices;
                                                prints the residents' new access codes, once
  npm run hub -- setup-link [--add] [--organization <name>]
                                                a new one-time link to make a sign-in
  npm run hub -- --help                         this text

Commands work while the hub runs and while it does not.

Settings (environment):
${Object.entries(settings as Record<string, Setting>)
  .map(
    ([name, { about, default: value }]) =>
      `  ${name.padEnd(16)}${about}${value === undefined ? "" : ` [${value}]`}`,
  )
  .join("\n")}
`;
