/** `es`: sesiones de radio que no siguieron con la máquina que ocupó el lugar de otra, en español. */
import type { LeftBehindWords } from "./en.ts";

export const es: LeftBehindWords = {
  title: (many, isOne) =>
    isOne
      ? "La sesión de radio de un contador no se pudo traspasar; debe unirse de nuevo"
      : `Las sesiones de radio de ${many} contadores no se pudieron traspasar; deben unirse de nuevo`,
  text: "Hasta entonces no se lee nada nuevo de ellos. Algunos se unen solos al cabo de un tiempo; apague y encienda los demás, o use su botón o imán.",
  reasons: {
    session_damaged: "llegó dañada",
    session_foreign_key: "sellada para otro hub",
    session_newer: "escrita por un programa más nuevo",
    session_other_key: "hecha con otra clave que la actual",
  },
};
