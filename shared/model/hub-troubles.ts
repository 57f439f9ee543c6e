/**
 * `hub-troubles`: everything that may keep a gateway and its hub from being in step: a closed list.
 *
 * The code is the contract: pages say in their reader's language what it means and what to do. The
 * sentence is for logs. Must never name a person, an address with a password, or a token.
 */
export const hubTroubles = {
  dns_unknown: "the hub's name is not known here (DNS): check the router and the hub's address",
  dns_silent: "names cannot be looked up (DNS does not answer): check the router",
  no_network: "there is no way to the hub: check the cable and the router",
  not_listening: "nobody listens at the hub's address: the hub may be restarting",
  cut_off: "the connection to the hub was cut",
  no_answer: "the hub does not answer",
  hub_restarting: "the hub is restarting, or is not there behind what stands before it",
  hub_failing: "the hub cannot answer as it should just now",
  proxy_away: "the proxy cannot be reached",
  proxy_refuses: "the proxy refuses the way to the hub",
  captive_portal:
    "what answers at the hub's address is not a hub: a sign-in page of the network, perhaps",
  no_tls: "the hub's address speaks no TLS as it should: check http or https",
  certificate_expired:
    "the hub's certificate has run out, or this machine's clock is wrong: check the date",
  certificate_early: "the hub's certificate is not valid yet: this machine's clock is behind",
  certificate_unknown:
    "the hub's certificate is signed by nobody known: somebody may stand between, or NODE_EXTRA_CA_CERTS is missing",
  certificate_other_name:
    "the certificate is for another name: what answers is not the hub, or its address is wrong",
  clock_wrong: "the hub has another time than this gateway, also after it was told which",
  not_claimed: "the hub does not know this gateway: claim it with a code",
  token_refused: "the hub does not take this gateway's token any more: a new one is asked for",
  shut_out: "the hub lets this gateway in no more, without a word that proves it",
  false_word:
    "something that is not this gateway's hub says that it is withdrawn: it is not believed",
  not_understood: "hub and gateway do not understand each other: their versions are too far apart",
  community_refused: "the hub refuses a community's database",
  community_missing: "the hub has no database of a community",
  month_lost: "the hub had lost a month: it is brought again",
  too_large: "something is too large for the hub or for what stands before it",
  too_many: "the hub asks for fewer questions: it is asked later",
  disk_full: "the disk of this gateway is full",
  disk_failing: "a database of this gateway cannot be used",
  unexpected: "something unexpected",
} as const;
export type HubTroubleCode = keyof typeof hubTroubles;

export const hubTroubleCodes = Object.keys(hubTroubles) as [HubTroubleCode, ...HubTroubleCode[]];
