/** `de`: was ein Gateway und seinen Hub am Abgleich hindert, auf Deutsch. */
import type { HubTroubleWords } from "./en.ts";

export const de: HubTroubleWords = {
  troubles: {
    dns_unknown: [
      "Der Name des Hubs ist nicht bekannt (DNS).",
      "Bitte die Adresse des Hubs auf Tippfehler prüfen, danach das DNS des Routers.",
    ],
    dns_silent: [
      "Kein Name lässt sich auflösen: DNS antwortet nicht.",
      "Bitte den Router und seine Internetverbindung prüfen.",
    ],
    no_network: [
      "Das Gateway hat keinen Weg zum Hub.",
      "Bitte Kabel, WLAN und Router prüfen; eine Firewall kann im Weg sein.",
    ],
    not_listening: [
      "An der Adresse des Hubs nimmt niemand an.",
      "Startet der Hub gerade neu, genügt Warten. Sonst bitte Adresse und Port prüfen.",
    ],
    cut_off: [
      "Die Verbindung zum Hub wurde getrennt.",
      "Es wird von selbst erneut versucht. Geschieht es oft, bitte Leitung und Firewall prüfen.",
    ],
    no_answer: [
      "Der Hub antwortet nicht rechtzeitig.",
      "Es wird von selbst erneut versucht. Oft ist die Leitung langsam, oder eine Firewall verwirft die Verbindung.",
    ],
    hub_restarting: [
      "Der Hub startet neu oder läuft nicht hinter dem Server, der vor ihm steht.",
      "Bitte einige Minuten warten. Dauert es an, muss der Betreiber nach dem Hub sehen.",
    ],
    hub_failing: [
      "Der Hub kann im Augenblick nicht richtig antworten.",
      "Es wird von selbst erneut versucht. Dauert es an, steht der Grund im Protokoll des Hubs.",
    ],
    proxy_away: [
      "Der Proxy des Gebäudes ist nicht erreichbar.",
      "Bitte Adresse und Port in der Einstellung HUB_PROXY des Gateways prüfen.",
    ],
    proxy_refuses: [
      "Der Proxy des Gebäudes öffnet den Weg zum Hub nicht.",
      "Bitte die Adresse des Hubs am Proxy freigeben. Bei 407 bitte Name und Passwort in HUB_PROXY prüfen.",
    ],
    captive_portal: [
      "An der Stelle des Hubs antwortet etwas anderes, vielleicht eine Anmeldeseite des Netzes.",
      "Bitte das Gateway im Netz ohne Anmeldung durchlassen und die Adresse des Hubs prüfen.",
    ],
    no_tls: [
      "Die Adresse des Hubs spricht kein richtiges TLS.",
      "Bitte prüfen, ob sie mit https oder http beginnt, und den Port.",
    ],
    certificate_expired: [
      "Das Zertifikat des Hubs ist abgelaufen.",
      "Bitte am Hub erneuern. Ist es dort gültig, geht die Uhr des Gateways falsch: Bitte stellen.",
    ],
    certificate_early: [
      "Das Zertifikat des Hubs gilt noch nicht: Die Uhr des Gateways geht nach.",
      "Bitte die Uhr stellen oder dem Gateway einen Zeitserver erreichbar machen.",
    ],
    certificate_unknown: [
      "Das Zertifikat des Hubs ist von niemandem unterschrieben, den das Gateway kennt.",
      "Bei einer eigenen Zertifizierungsstelle bitte NODE_EXTRA_CA_CERTS am Gateway setzen. Sonst steht vielleicht jemand dazwischen: Bitte die Netzverwaltung fragen.",
    ],
    certificate_other_name: [
      "Das Zertifikat lautet auf einen anderen Namen als den des Hubs.",
      "Bitte die Adresse des Hubs prüfen: Was dort antwortet, ist nicht der Hub.",
    ],
    clock_wrong: [
      "Gateway und Hub sind sich über die Uhrzeit nicht einig.",
      "Bitte die Uhr des Gateways stellen oder ihm einen Zeitserver erreichbar machen und die Uhr des Hubs prüfen.",
    ],
    not_claimed: [
      "Der Hub kennt dieses Gateway nicht.",
      "Bitte auf dem Hub einen Code erstellen und auf der Einrichtungsseite des Gateways eingeben.",
    ],
    token_refused: [
      "Der Hub nimmt die Berechtigung des Gateways nicht mehr an.",
      "Eine neue wird von selbst angefordert. Dauert es an, bitte prüfen, ob ihm auf dem Hub der Zugang entzogen wurde.",
    ],
    shut_out: [
      "Der Hub sagt ohne Beweis, diesem Gateway sei der Zugang entzogen.",
      "Es sammelt weiter. Ist das gewollt, bitte neu verbinden; sonst bitte die Adresse des Hubs prüfen.",
    ],
    false_word: [
      "Etwas, das nicht der Hub ist, sagt, diesem Gateway sei der Zugang entzogen. Es wird nicht geglaubt.",
      "Bitte die Adresse des Hubs prüfen. Wurde der Hub ganz neu eingerichtet, bitte das Gateway neu verbinden.",
    ],
    not_understood: [
      "Hub und Gateway verstehen einander nicht.",
      "Bitte beide auf denselben Stand bringen, den Hub zuerst.",
    ],
    community_refused: [
      "Der Hub lehnt die Daten einer Liegenschaft ab.",
      "Bitte auf dem Hub prüfen, ob das Gateway sie noch bedient. Die anderen laufen weiter.",
    ],
    community_missing: [
      "Dem Hub fehlt die Datenbank einer Liegenschaft.",
      "Es wird von selbst wieder danach gefragt. Dauert es an, steht der Grund im Protokoll des Hubs.",
    ],
    month_lost: [
      "Der Hub hatte einen Monat verloren.",
      "Er wird noch einmal überbracht; es ist nichts zu tun.",
    ],
    too_large: [
      "Etwas ist zu groß für den Hub oder für den Server, der vor ihm steht.",
      "Bitte am Server vor dem Hub größere Anfragen erlauben.",
    ],
    too_many: ["Der Hub bittet um weniger Anfragen.", "Er wird später von selbst wieder gefragt."],
    disk_full: [
      "Der Datenträger des Gateways ist voll.",
      "Was aufbewahrt wurde, ist sicher; Neues kann nicht aufbewahrt werden. Bitte Platz schaffen: Es geht von selbst weiter.",
    ],
    disk_failing: [
      "Eine Datenbank auf dem Gateway ist nicht benutzbar.",
      "Bitte den Datenträger des Gateways prüfen: Was einmal versagt, versagt wieder. Welche Datei es ist, steht im Protokoll.",
    ],
    unexpected: [
      "Etwas Unerwartetes ist geschehen.",
      "Es wird von selbst erneut versucht. Bitte der zuständigen Person sagen, was im Protokoll steht:",
    ],
  },
  safe: "Nichts geht verloren: Die Messwerte warten auf dem Gateway.",
  answered: (status) => `Die Antwort war HTTP ${status}.`,
  again: (time) => `Der nächste Versuch ist in ${time}.`,
  behind: (time) => `Die Uhr des Gateways geht ${time} nach.`,
  ahead: (time) => `Die Uhr des Gateways geht ${time} vor.`,
};
