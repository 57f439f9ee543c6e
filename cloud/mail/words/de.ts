/** `de`: German. */
import type { MailWords } from "./en.ts";

export const de: MailWords = {
  hello: (name) => (name === "" ? "Guten Tag," : `Guten Tag ${name},`),
  activate: {
    subject: (organization) => `Ihr Zugang zu ${organization}`,
    lines: (organization) => [
      `${organization} hat einen Zugang für Sie eingerichtet.`,
      "Öffnen Sie diesen Link, um Ihr Passwort zu wählen:",
    ],
    after: (until) => [
      `Der Link gilt einmal, bis ${until}.`,
      "Wenn Sie nicht wissen, worum es geht, tun Sie nichts: Ohne den Link kommt niemand hinein.",
    ],
  },
  reset: {
    subject: "Ein neues Passwort",
    lines: () => [
      "Jemand hat ein neues Passwort für Sie verlangt. Öffnen Sie diesen Link, um eines zu wählen:",
    ],
    after: (until) => [
      `Der Link gilt einmal, bis ${until}.`,
      "Wenn Sie das nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.",
    ],
  },
  enter: {
    subject: "Ihr Anmeldelink",
    lines: () => ["Öffnen Sie diesen Link, um sich anzumelden:"],
    after: (until) => [
      `Der Link gilt einmal, bis ${until}.`,
      "Wenn Sie ihn nicht verlangt haben, tun Sie nichts.",
    ],
  },
  changed: {
    subject: "Ihre Anmeldung wurde geändert",
    lines: () => [
      "Ihr Passwort oder Ihre E-Mail-Adresse wurde geändert, und Sie wurden überall abgemeldet.",
      "Wenn Sie das nicht waren, sagen Sie es bitte Ihrer Verwaltung.",
    ],
  },
  test: {
    subject: "Ein Test",
    lines: (organization) => [`Die Mail-Einstellungen von ${organization} stimmen.`],
  },
  letter: {
    title: "Ihr Zugang",
    online: "Im Internet",
    onlineHow:
      "Öffnen Sie diese Adresse, oder lesen Sie das Quadrat mit der Kamera Ihres Telefons:",
    until: (until) => `Sie gilt einmal, bis ${until}.`,
    code: "Ihr Code",
    codeHow: "Öffnen Sie im Gebäude diese Adresse und geben Sie Ihren Code ein:",
    orAddress: (address) => `Wenn sie sich nicht öffnet: ${address}`,
    wifi: "Das WLAN des Gebäudes",
    keep: "Bitte bewahren Sie diesen Brief gut auf: Wer den Code hat, sieht Ihren Verbrauch.",
  },
};
