/** `fr`: French. */
import type { MailWords } from "./en.ts";

export const fr: MailWords = {
  hello: (name) => (name === "" ? "Bonjour," : `Bonjour ${name},`),
  activate: {
    subject: (organization) => `Votre accès à ${organization}`,
    lines: (organization) => [
      `${organization} a créé un accès pour vous.`,
      "Ouvrez ce lien pour choisir votre mot de passe :",
    ],
    after: (until) => [
      `Le lien sert une seule fois, jusqu'au ${until}.`,
      "Si vous ne savez pas de quoi il s'agit, ne faites rien : sans le lien, personne n'entre.",
    ],
  },
  reset: {
    subject: "Un nouveau mot de passe",
    lines: () => [
      "Quelqu'un a demandé un nouveau mot de passe pour vous. Ouvrez ce lien pour en choisir un :",
    ],
    after: (until) => [
      `Le lien sert une seule fois, jusqu'au ${until}.`,
      "Si ce n'était pas vous, ne faites rien : votre mot de passe reste le même.",
    ],
  },
  enter: {
    subject: "Votre lien de connexion",
    lines: () => ["Ouvrez ce lien pour vous connecter :"],
    after: (until) => [
      `Le lien sert une seule fois, jusqu'au ${until}.`,
      "Si vous ne l'avez pas demandé, ne faites rien.",
    ],
  },
  changed: {
    subject: "Votre connexion a été modifiée",
    lines: () => [
      "Votre mot de passe ou votre adresse e-mail a été modifié, et vous avez été déconnecté partout.",
      "Si ce n'était pas vous, prévenez votre administration.",
    ],
  },
  test: {
    subject: "Un essai",
    lines: (organization) => [`Les réglages de messagerie de ${organization} fonctionnent.`],
  },
  letter: {
    title: "Votre accès",
    online: "Sur internet",
    onlineHow: "Ouvrez cette adresse, ou lisez le carré avec l'appareil photo de votre téléphone :",
    until: (until) => `Elle sert une seule fois, jusqu'au ${until}.`,
    code: "Votre code",
    codeHow: "Dans le bâtiment, ouvrez cette adresse et saisissez votre code :",
    orAddress: (address) => `Si elle ne s'ouvre pas : ${address}`,
    wifi: "Le Wi-Fi du bâtiment",
    keep: "Gardez bien cette lettre : qui a le code voit votre consommation.",
  },
};
