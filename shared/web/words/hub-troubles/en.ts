/** `en`: what keeps a gateway and its hub from being in step, in English. The other languages have the same keys. */
import type { HubTroubleCode } from "#shared/model/hub-troubles.ts";

/** What it means, and what to do. Read at the gateway and at the hub alike. */
export interface HubTroubleWords {
  readonly troubles: Readonly<Record<HubTroubleCode, readonly [means: string, remedy: string]>>;
  /** Where it is so. */
  readonly safe: string;
  answered(status: string): string;
  again(time: string): string;
  /** The gateway's clock, seen from the hub's. */
  behind(time: string): string;
  ahead(time: string): string;
}

export const en: HubTroubleWords = {
  troubles: {
    dns_unknown: [
      "The hub's name is not known (DNS).",
      "Look for a typing error in the hub's address, then at the router's DNS.",
    ],
    dns_silent: [
      "No name can be looked up: DNS does not answer.",
      "Check the router and its connection to the internet.",
    ],
    no_network: [
      "The gateway has no way to the hub.",
      "Check cable, Wi-Fi and router; a firewall may be in the way.",
    ],
    not_listening: [
      "Nobody listens at the hub's address.",
      "While the hub restarts, just wait. Otherwise check the address and its port.",
    ],
    cut_off: [
      "The connection to the hub was cut.",
      "It is tried again by itself. If it happens often, check the line and the firewall.",
    ],
    no_answer: [
      "The hub does not answer in time.",
      "It is tried again by itself. Often the line is slow, or a firewall drops the connection.",
    ],
    hub_restarting: [
      "The hub is restarting, or does not run behind the server that stands before it.",
      "Wait some minutes. If it lasts, the operator has to look after the hub.",
    ],
    hub_failing: [
      "The hub cannot answer as it should at the moment.",
      "It is tried again by itself. If it lasts, the hub's log says why.",
    ],
    proxy_away: [
      "The building's proxy cannot be reached.",
      "Check address and port in the gateway's setting HUB_PROXY.",
    ],
    proxy_refuses: [
      "The building's proxy does not open the way to the hub.",
      "Allow the hub's address at the proxy. For 407, check name and password in HUB_PROXY.",
    ],
    captive_portal: [
      "Something else answers in the hub's place: a sign-in page of the network, perhaps.",
      "Have the network let the gateway through without a sign-in, and check the hub's address.",
    ],
    no_tls: [
      "The hub's address does not speak TLS as it should.",
      "Check whether it begins with https or http, and its port.",
    ],
    certificate_expired: [
      "The hub's certificate has run out.",
      "Renew it at the hub. If it is valid there, the gateway's clock is wrong: set it.",
    ],
    certificate_early: [
      "The hub's certificate is not valid yet: the gateway's clock is behind.",
      "Set the clock, or let the gateway reach a time server.",
    ],
    certificate_unknown: [
      "The hub's certificate is signed by nobody the gateway knows.",
      "For an authority of your own, set NODE_EXTRA_CA_CERTS at the gateway. Otherwise somebody may stand between: ask whoever runs the network.",
    ],
    certificate_other_name: [
      "The certificate is for another name than the hub's.",
      "Check the hub's address: what answers there is not the hub.",
    ],
    clock_wrong: [
      "Gateway and hub do not agree on the time.",
      "Set the gateway's clock or let it reach a time server, and check the hub's clock.",
    ],
    not_claimed: [
      "The hub does not know this gateway.",
      "Make a claim code on the hub and enter it on the gateway's setup page.",
    ],
    token_refused: [
      "The hub does not take the gateway's token any more.",
      "A new one is asked for by itself. If it lasts, look whether the gateway was withdrawn.",
    ],
    shut_out: [
      "The hub says that this gateway is withdrawn, without a proof.",
      "It goes on collecting. If it was withdrawn on purpose, claim it anew; if not, check the hub's address.",
    ],
    false_word: [
      "Something that is not its hub says that this gateway is withdrawn. It is not believed.",
      "Check the hub's address. If the hub was set up from nothing, claim the gateway anew.",
    ],
    not_understood: [
      "Hub and gateway do not understand each other.",
      "Bring both to the same version, the hub first.",
    ],
    community_refused: [
      "The hub refuses a community's data.",
      "Check on the hub whether the gateway still serves it. The other communities go on.",
    ],
    community_missing: [
      "The hub has no database of a community.",
      "It is asked for again by itself. If it lasts, the hub's log says why.",
    ],
    month_lost: ["The hub had lost a month.", "It is brought again; there is nothing to do."],
    too_large: [
      "Something is too large for the hub, or for the server that stands before it.",
      "Raise the largest request that the server before the hub lets through.",
    ],
    too_many: ["The hub asks for fewer questions.", "It is asked again later by itself."],
    disk_full: [
      "The gateway's disk is full.",
      "What was kept is safe; nothing new can be kept. Free some space: it goes on by itself.",
    ],
    disk_failing: [
      "A database on the gateway cannot be used.",
      "Check the gateway's disk: storage that fails once fails again. Its log says which file.",
    ],
    unexpected: [
      "Something unexpected happened.",
      "It is tried again by itself. Tell whoever looks after the gateway what its log says:",
    ],
  },
  safe: "Nothing is lost: readings wait on the gateway.",
  answered: (status) => `The answer was HTTP ${status}.`,
  again: (time) => `The next try is in ${time}.`,
  behind: (time) => `The gateway's clock is ${time} behind.`,
  ahead: (time) => `The gateway's clock is ${time} ahead.`,
};
