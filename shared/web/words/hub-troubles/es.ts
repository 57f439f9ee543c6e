/** `es`: lo que impide que un gateway y su hub estén al día, en español. */
import type { HubTroubleWords } from "./en.ts";

export const es: HubTroubleWords = {
  troubles: {
    dns_unknown: [
      "No se conoce el nombre del hub (DNS).",
      "Compruebe si hay una errata en la dirección del hub y, después, el DNS del router.",
    ],
    dns_silent: [
      "No se puede resolver ningún nombre: el DNS no responde.",
      "Compruebe el router y su conexión a internet.",
    ],
    no_network: [
      "El gateway no tiene camino hasta el hub.",
      "Compruebe el cable, la wifi y el router; puede haber un cortafuegos en medio.",
    ],
    not_listening: [
      "Nadie escucha en la dirección del hub.",
      "Si el hub se está reiniciando, basta con esperar. Si no, compruebe la dirección y el puerto.",
    ],
    cut_off: [
      "Se cortó la conexión con el hub.",
      "Se vuelve a intentar automáticamente. Si ocurre a menudo, compruebe la línea y el cortafuegos.",
    ],
    no_answer: [
      "El hub no responde a tiempo.",
      "Se vuelve a intentar automáticamente. A menudo la línea es lenta o un cortafuegos descarta la conexión.",
    ],
    hub_restarting: [
      "El hub se está reiniciando o no funciona detrás del servidor que tiene delante.",
      "Espere unos minutos. Si continúa, el operador debe revisar el hub.",
    ],
    hub_failing: [
      "El hub no puede responder correctamente en este momento.",
      "Se vuelve a intentar automáticamente. Si continúa, el registro del hub dice por qué.",
    ],
    proxy_away: [
      "No se alcanza el proxy del edificio.",
      "Compruebe la dirección y el puerto en el ajuste HUB_PROXY del gateway.",
    ],
    proxy_refuses: [
      "El proxy del edificio no abre el camino al hub.",
      "Permita la dirección del hub en el proxy. Con 407, compruebe el nombre y la contraseña en HUB_PROXY.",
    ],
    captive_portal: [
      "Otra cosa responde en lugar del hub: quizá una página de acceso de la red.",
      "Haga que la red deje pasar al gateway sin iniciar sesión y compruebe la dirección del hub.",
    ],
    no_tls: [
      "La dirección del hub no habla TLS como es debido.",
      "Compruebe si empieza por https o http, y el puerto.",
    ],
    certificate_expired: [
      "El certificado del hub ha caducado.",
      "Renuévelo en el hub. Si allí es válido, el reloj del gateway está mal: póngalo en hora.",
    ],
    certificate_early: [
      "El certificado del hub aún no es válido: el reloj del gateway va atrasado.",
      "Póngalo en hora o permita que el gateway alcance un servidor de hora.",
    ],
    certificate_unknown: [
      "El certificado del hub no lo firma nadie que el gateway conozca.",
      "Si usa una autoridad propia, defina NODE_EXTRA_CA_CERTS en el gateway. Si no, puede haber alguien en medio: pregunte a quien administra la red.",
    ],
    certificate_other_name: [
      "El certificado es para un nombre distinto del del hub.",
      "Compruebe la dirección del hub: lo que responde allí no es el hub.",
    ],
    clock_wrong: [
      "El gateway y el hub no coinciden en la hora.",
      "Ponga en hora el gateway o permita que alcance un servidor de hora, y compruebe el reloj del hub.",
    ],
    not_claimed: [
      "El hub no conoce este gateway.",
      "Cree un código en el hub e introdúzcalo en la página de instalación del gateway.",
    ],
    token_refused: [
      "El hub ya no acepta el permiso del gateway.",
      "Se pide otro automáticamente. Si continúa, compruebe si el gateway fue retirado.",
    ],
    shut_out: [
      "El hub dice, sin prueba, que este gateway fue retirado.",
      "Sigue recogiendo lecturas. Si se retiró a propósito, conéctelo de nuevo; si no, compruebe la dirección del hub.",
    ],
    false_word: [
      "Algo que no es su hub dice que este gateway fue retirado. No se le cree.",
      "Compruebe la dirección del hub. Si el hub se instaló desde cero, conecte el gateway de nuevo.",
    ],
    not_understood: [
      "El hub y el gateway no se entienden.",
      "Ponga ambos en la misma versión, primero el hub.",
    ],
    community_refused: [
      "El hub rechaza los datos de una comunidad.",
      "Compruebe en el hub si el gateway aún la atiende. Las demás continúan.",
    ],
    community_missing: [
      "El hub no tiene la base de datos de una comunidad.",
      "Se vuelve a pedir automáticamente. Si continúa, el registro del hub dice por qué.",
    ],
    month_lost: ["El hub había perdido un mes.", "Se le entrega otra vez; no hay que hacer nada."],
    too_large: [
      "Algo es demasiado grande para el hub o para el servidor que tiene delante.",
      "Permita peticiones más grandes en el servidor que está delante del hub.",
    ],
    too_many: [
      "El hub pide menos peticiones.",
      "Se le vuelve a preguntar más tarde automáticamente.",
    ],
    disk_full: [
      "El disco del gateway está lleno.",
      "Lo guardado está a salvo; no se puede guardar nada nuevo. Libere espacio: continúa por sí solo.",
    ],
    disk_failing: [
      "No se puede usar una base de datos del gateway.",
      "Compruebe el disco del gateway: lo que falla una vez vuelve a fallar. El registro dice qué archivo es.",
    ],
    unexpected: [
      "Ocurrió algo inesperado.",
      "Se vuelve a intentar automáticamente. Diga a quien mantiene el gateway lo que dice su registro:",
    ],
  },
  safe: "No se pierde nada: las lecturas esperan en el gateway.",
  answered: (status) => `La respuesta fue HTTP ${status}.`,
  again: (time) => `El próximo intento será dentro de ${time}.`,
  behind: (time) => `El reloj del gateway va ${time} atrasado.`,
  ahead: (time) => `El reloj del gateway va ${time} adelantado.`,
};
