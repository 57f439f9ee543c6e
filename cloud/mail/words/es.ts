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
  email: {
    subject: "Confirme su correo electrónico",
    lines: (organization) => [
      `Con esta dirección entrará usted en ${organization}.`,
      "Abra este enlace para confirmar que es suya:",
    ],
    after: (until) => [
      `El enlace sirve una vez, hasta el ${until}.`,
      "Si no sabe de qué se trata, no haga nada: sin el enlace nada cambia.",
    ],
  },
  moving: {
    subject: "Se ha pedido otro correo electrónico",
    lines: (organization) => [
      `Se ha pedido que entre usted en ${organization} con otro correo electrónico. Cambiará cuando se confirme desde ese buzón.`,
      "Si no lo quiere, elija otra contraseña: con eso termina. Y avise a su administración.",
    ],
  },
  moved: {
    subject: "Su correo electrónico ha cambiado",
    lines: (organization) => [
      `Desde ahora entra usted en ${organization} con otro correo electrónico. Se han cerrado todas sus sesiones.`,
      "Si no ha sido usted, avise a su administración.",
    ],
  },
  taken: {
    subject: "Su correo electrónico se ha indicado otra vez",
    lines: () => [
      "Su correo electrónico se ha indicado para otro acceso. Ya es de usted: su acceso sigue igual.",
      "Si le ha llegado un enlace para confirmar la dirección, no hace nada. Entre como siempre.",
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
