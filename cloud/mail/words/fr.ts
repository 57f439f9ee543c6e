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
  email: {
    subject: "Confirmez votre adresse e-mail",
    lines: (organization) => [
      `C'est avec cette adresse que vous vous connecterez à ${organization}.`,
      "Ouvrez ce lien pour confirmer qu'elle est à vous :",
    ],
    after: (until) => [
      `Le lien sert une seule fois, jusqu'au ${until}.`,
      "Si vous ne savez pas de quoi il s'agit, ne faites rien : sans le lien, rien ne change.",
    ],
  },
  moving: {
    subject: "Une autre adresse e-mail a été demandée",
    lines: (organization) => [
      `Il a été demandé que vous vous connectiez à ${organization} avec une autre adresse e-mail. Elle changera une fois confirmée depuis cette autre messagerie.`,
      "Si vous ne le voulez pas, choisissez un autre mot de passe : la demande prend fin. Et prévenez votre administration.",
    ],
  },
  moved: {
    subject: "Votre adresse e-mail a été modifiée",
    lines: (organization) => [
      `Désormais, vous vous connectez à ${organization} avec une autre adresse e-mail. Vous avez été déconnecté partout.`,
      "Si ce n'était pas vous, prévenez votre administration.",
    ],
  },
  taken: {
    subject: "Votre adresse e-mail a été donnée une nouvelle fois",
    lines: () => [
      "Votre adresse e-mail a été donnée pour une autre connexion. Elle est déjà à vous : votre connexion reste la même.",
      "Si vous avez reçu un lien pour confirmer l'adresse, il ne fait rien. Connectez-vous comme toujours.",
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
