/** `fr` : des sessions radio qui n’ont pas continué avec la machine qui a pris la place d’une autre, en français. */
import type { LeftBehindWords } from "./en.ts";

export const fr: LeftBehindWords = {
  title: (many, isOne) =>
    isOne
      ? "La session radio d’un compteur n’a pas pu être transmise ; il doit rejoindre à nouveau"
      : `Les sessions radio de ${many} compteurs n’ont pas pu être transmises ; ils doivent rejoindre à nouveau`,
  text: "D’ici là, rien de nouveau n’en est lu. Certains rejoignent d’eux-mêmes au bout d’un moment ; éteignez et rallumez les autres, ou servez-vous de leur bouton ou de leur aimant.",
  reasons: {
    session_damaged: "arrivée endommagée",
    session_foreign_key: "scellée pour un autre hub",
    session_newer: "écrite par un programme plus récent",
    session_other_key: "faite avec une autre clé que l’actuelle",
  },
};
