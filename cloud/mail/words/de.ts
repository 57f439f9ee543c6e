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
  email: {
    subject: "Bitte bestätigen Sie Ihre E-Mail-Adresse",
    lines: (organization) => [
      `Mit dieser Adresse sollen Sie sich bei ${organization} anmelden.`,
      "Öffnen Sie diesen Link, um zu bestätigen, dass sie Ihnen gehört:",
    ],
    after: (until) => [
      `Der Link gilt einmal, bis ${until}.`,
      "Wenn Sie nicht wissen, worum es geht, tun Sie nichts: Ohne den Link ändert sich nichts.",
    ],
  },
  moving: {
    subject: "Eine andere E-Mail-Adresse wurde verlangt",
    lines: (organization) => [
      `Sie sollen sich bei ${organization} mit einer anderen E-Mail-Adresse anmelden. Das gilt, sobald jenes Postfach es bestätigt hat.`,
      "Wenn Sie das nicht wollen, wählen Sie ein anderes Passwort: Damit ist es beendet. Und sagen Sie es bitte Ihrer Verwaltung.",
    ],
  },
  moved: {
    subject: "Ihre E-Mail-Adresse wurde geändert",
    lines: (organization) => [
      `Von jetzt an melden Sie sich bei ${organization} mit einer anderen E-Mail-Adresse an. Sie wurden überall abgemeldet.`,
      "Wenn Sie das nicht waren, sagen Sie es bitte Ihrer Verwaltung.",
    ],
  },
  taken: {
    subject: "Ihre E-Mail-Adresse wurde noch einmal angegeben",
    lines: () => [
      "Ihre E-Mail-Adresse wurde für eine andere Anmeldung angegeben. Sie gehört schon Ihnen: Ihre Anmeldung bleibt, wie sie ist.",
      "Ein Link zum Bestätigen der Adresse, den Sie bekommen haben, bewirkt nichts. Sie melden sich an wie immer.",
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
