/** `fr`: ce qui empêche une passerelle et son hub d’être à jour, en français. */
import type { HubTroubleWords } from "./en.ts";

export const fr: HubTroubleWords = {
  troubles: {
    dns_unknown: [
      "Le nom du hub n’est pas connu (DNS).",
      "Cherchez une faute de frappe dans l’adresse du hub, puis vérifiez le DNS du routeur.",
    ],
    dns_silent: [
      "Aucun nom ne peut être résolu : le DNS ne répond pas.",
      "Vérifiez le routeur et sa connexion à internet.",
    ],
    no_network: [
      "La passerelle n’a aucun chemin vers le hub.",
      "Vérifiez le câble, le Wi-Fi et le routeur ; un pare-feu peut gêner.",
    ],
    not_listening: [
      "Personne n’écoute à l’adresse du hub.",
      "Si le hub redémarre, il suffit d’attendre. Sinon, vérifiez l’adresse et le port.",
    ],
    cut_off: [
      "La connexion au hub a été coupée.",
      "Un nouvel essai se fait tout seul. Si cela arrive souvent, vérifiez la ligne et le pare-feu.",
    ],
    no_answer: [
      "Le hub ne répond pas à temps.",
      "Un nouvel essai se fait tout seul. Souvent, la ligne est lente ou un pare-feu rejette la connexion.",
    ],
    hub_restarting: [
      "Le hub redémarre, ou ne fonctionne pas derrière le serveur placé devant lui.",
      "Patientez quelques minutes. Si cela dure, l’exploitant doit s’occuper du hub.",
    ],
    hub_failing: [
      "Le hub ne peut pas répondre correctement pour l’instant.",
      "Un nouvel essai se fait tout seul. Si cela dure, le journal du hub dit pourquoi.",
    ],
    proxy_away: [
      "Le proxy de l’immeuble n’est pas joignable.",
      "Vérifiez l’adresse et le port dans le réglage HUB_PROXY de la passerelle.",
    ],
    proxy_refuses: [
      "Le proxy de l’immeuble n’ouvre pas le chemin vers le hub.",
      "Autorisez l’adresse du hub au proxy. Pour 407, vérifiez le nom et le mot de passe dans HUB_PROXY.",
    ],
    captive_portal: [
      "Autre chose répond à la place du hub : une page de connexion du réseau, peut-être.",
      "Faites laisser passer la passerelle par le réseau sans connexion, et vérifiez l’adresse du hub.",
    ],
    no_tls: [
      "L’adresse du hub ne parle pas TLS comme il faut.",
      "Vérifiez si elle commence par https ou http, ainsi que le port.",
    ],
    certificate_expired: [
      "Le certificat du hub a expiré.",
      "Renouvelez-le sur le hub. S’il y est valable, l’horloge de la passerelle est fausse : réglez-la.",
    ],
    certificate_early: [
      "Le certificat du hub n’est pas encore valable : l’horloge de la passerelle retarde.",
      "Réglez l’horloge, ou laissez la passerelle joindre un serveur de temps.",
    ],
    certificate_unknown: [
      "Le certificat du hub n’est signé par personne que la passerelle connaisse.",
      "Pour une autorité qui vous est propre, définissez NODE_EXTRA_CA_CERTS sur la passerelle. Sinon, quelqu’un se tient peut-être entre les deux : demandez à l’administration du réseau.",
    ],
    certificate_other_name: [
      "Le certificat porte un autre nom que celui du hub.",
      "Vérifiez l’adresse du hub : ce qui y répond n’est pas le hub.",
    ],
    clock_wrong: [
      "La passerelle et le hub ne sont pas d’accord sur l’heure.",
      "Réglez l’horloge de la passerelle ou laissez-la joindre un serveur de temps, et vérifiez l’horloge du hub.",
    ],
    not_claimed: [
      "Le hub ne connaît pas cette passerelle.",
      "Créez un code sur le hub et saisissez-le sur la page d’installation de la passerelle.",
    ],
    token_refused: [
      "Le hub n’accepte plus l’autorisation de la passerelle.",
      "Une nouvelle est demandée toute seule. Si cela dure, vérifiez si la passerelle a été retirée.",
    ],
    shut_out: [
      "Le hub dit, sans preuve, que cette passerelle est retirée.",
      "Elle continue de collecter. Si le retrait est voulu, reliez-la de nouveau ; sinon, vérifiez l’adresse du hub.",
    ],
    false_word: [
      "Quelque chose qui n’est pas son hub dit que cette passerelle est retirée. Elle ne le croit pas.",
      "Vérifiez l’adresse du hub. Si le hub a été réinstallé à neuf, reliez de nouveau la passerelle.",
    ],
    not_understood: [
      "Le hub et la passerelle ne se comprennent pas.",
      "Mettez les deux à la même version, le hub d’abord.",
    ],
    community_refused: [
      "Le hub refuse les données d’une communauté.",
      "Vérifiez sur le hub si la passerelle la dessert encore. Les autres continuent.",
    ],
    community_missing: [
      "Le hub n’a pas la base de données d’une communauté.",
      "Elle est redemandée toute seule. Si cela dure, le journal du hub dit pourquoi.",
    ],
    month_lost: [
      "Le hub avait perdu un mois.",
      "Il lui est transmis à nouveau ; il n’y a rien à faire.",
    ],
    too_large: [
      "Quelque chose est trop grand pour le hub, ou pour le serveur placé devant lui.",
      "Autorisez de plus grandes requêtes sur le serveur placé devant le hub.",
    ],
    too_many: ["Le hub demande moins de requêtes.", "Il est interrogé plus tard, tout seul."],
    disk_full: [
      "Le disque de la passerelle est plein.",
      "Ce qui a été gardé est en sécurité ; rien de nouveau ne peut l’être. Libérez de la place : tout reprend seul.",
    ],
    disk_failing: [
      "Une base de données de la passerelle est inutilisable.",
      "Vérifiez le disque de la passerelle : ce qui lâche une fois lâche encore. Son journal dit quel fichier.",
    ],
    unexpected: [
      "Quelque chose d’inattendu s’est produit.",
      "Un nouvel essai se fait tout seul. Dites à qui s’occupe de la passerelle ce que dit son journal :",
    ],
  },
  safe: "Rien n’est perdu : les relevés attendent sur la passerelle.",
  answered: (status) => `La réponse était HTTP ${status}.`,
  again: (time) => `Le prochain essai a lieu dans ${time}.`,
  behind: (time) => `L’horloge de la passerelle retarde de ${time}.`,
  ahead: (time) => `L’horloge de la passerelle avance de ${time}.`,
};
