/** `es`: Spanish. */
import type { MailWords } from "./en.ts";

export const es: MailWords = {
  hello: (name) => (name === "" ? "Hola:" : `Hola, ${name}:`),
  activate: {
    subject: (organization) => `Su acceso a ${organization}`,
    lines: (organization) => [
      `${organization} le ha preparado un acceso.`,
      "Abra este enlace para elegir su contraseña:",
    ],
    after: (until) => [
      `El enlace sirve una vez, hasta el ${until}.`,
      "Si no sabe de qué se trata, no haga nada: sin el enlace nadie entra.",
    ],
  },
  reset: {
    subject: "Una contraseña nueva",
    lines: () => [
      "Alguien ha pedido una contraseña nueva para usted. Abra este enlace para elegirla:",
    ],
    after: (until) => [
      `El enlace sirve una vez, hasta el ${until}.`,
      "Si no ha sido usted, no haga nada: su contraseña sigue igual.",
    ],
  },
  enter: {
    subject: "Su enlace de acceso",
    lines: () => ["Abra este enlace para entrar:"],
    after: (until) => [
      `El enlace sirve una vez, hasta el ${until}.`,
      "Si no lo ha pedido, no haga nada.",
    ],
  },
  changed: {
    subject: "Su acceso ha cambiado",
    lines: () => [
      "Se ha cambiado su contraseña o su correo electrónico, y se han cerrado todas sus sesiones.",
      "Si no ha sido usted, avise a su administración.",
    ],
  },
  test: {
    subject: "Una prueba",
    lines: (organization) => [`Los ajustes de correo de ${organization} funcionan.`],
  },
  letter: {
    title: "Su acceso",
    online: "En internet",
    onlineHow: "Abra esta dirección, o lea el cuadrado con la cámara de su teléfono:",
    until: (until) => `Sirve una vez, hasta el ${until}.`,
    code: "Su código",
    codeHow: "En el edificio, abra esta dirección e introduzca su código:",
    orAddress: (address) => `Si no se abre: ${address}`,
    wifi: "La wifi del edificio",
    keep: "Guarde bien esta carta: quien tiene el código ve su consumo.",
  },
};
