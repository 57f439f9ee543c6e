/** `help`: what the hub's program can do and how it is set. */
import { settings, type Setting } from "./config.ts";

export const HELP = `riser-hub: the hub

  npm run hub                                   serve until stopped
  npm run hub -- enrol <gateway.json> --community <tenant_name> [--community …] [--name <name>]
                                                let a gateway in, by its public keys
  npm run hub -- claim-code --community <tenant_name> [--community …] [--name <name>] [--replaces <gateway id>]
                                                a code with which a gateway comes in, once
  npm run hub -- revoke <gateway id>            let a gateway in no more
  npm run hub -- take-in <file or folder>       take in what a withdrawn gateway could not send:
                                                the sealed files of its folder unsent/
  npm run hub -- rotate-key [--now]             sign gateways' tokens with a new key; --now for one that leaked
  npm run hub -- load <file.json> [--json] [--new-codes] [--new-organization]
                                                load communities, homes, people and devices;
                                                prints the residents' new access codes, once
  npm run hub -- create-admin --email <address> [--first-name <name>] [--last-name <name>] [--organization <name>]
                                                one more operator: prints the link with which
                                                they choose their password
  npm run hub -- backup <file> --passphrase-file <file>
                                                all of it into one sealed file, while it serves;
                                                the deny journal is backed up on its own
  npm run hub -- restore <file> --passphrase-file <file>
                                                a hub from its backup, where there is none
  npm run hub -- doctor [--json]                look everything over; ends with 1 when something is bad
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
