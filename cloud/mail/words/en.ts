/** `en`: what mails and letters say, in English. The other languages have the same keys. */
export const en = {
  hello: (name: string) => (name === "" ? "Hello," : `Hello ${name},`),
  activate: {
    subject: (organization: string) => `Your access to ${organization}`,
    lines: (organization: string) => [
      `${organization} has made an access for you.`,
      "Open this link to choose your password:",
    ],
    after: (until: string) => [
      `The link works once, until ${until}.`,
      "If you do not know what this is about, do nothing: without the link nobody gets in.",
    ],
  },
  reset: {
    subject: "A new password",
    lines: () => ["Somebody asked for a new password for you. Open this link to choose one:"],
    after: (until: string) => [
      `The link works once, until ${until}.`,
      "If it was not you, do nothing: your password stays as it is.",
    ],
  },
  enter: {
    subject: "Your sign-in link",
    lines: () => ["Open this link to sign in:"],
    after: (until: string) => [
      `The link works once, until ${until}.`,
      "If you did not ask for it, do nothing.",
    ],
  },
  changed: {
    subject: "Your sign-in was changed",
    lines: () => [
      "Your password or your e-mail address was changed, and you were signed out everywhere.",
      "If that was not you, please tell your administrator.",
    ],
  },
  email: {
    subject: "Please confirm your e-mail address",
    lines: (organization: string) => [
      `This address is to be the one with which you sign in at ${organization}.`,
      "Open this link to confirm that it is yours:",
    ],
    after: (until: string) => [
      `The link works once, until ${until}.`,
      "If you do not know what this is about, do nothing: without the link nothing changes.",
    ],
  },
  moving: {
    subject: "Another e-mail address was asked for",
    lines: (organization: string) => [
      `You are to sign in at ${organization} with another e-mail address. It changes once that mailbox has confirmed it.`,
      "If you do not want that, choose another password: that ends it. And please tell your administrator.",
    ],
  },
  moved: {
    subject: "Your e-mail address was changed",
    lines: (organization: string) => [
      `From now on you sign in at ${organization} with another e-mail address. You were signed out everywhere.`,
      "If that was not you, please tell your administrator.",
    ],
  },
  taken: {
    subject: "Your e-mail address was given once more",
    lines: () => [
      "Your e-mail address was given for another sign-in. It is yours already: your sign-in stays as it is.",
      "A link to confirm the address that came to you does nothing. You sign in as always.",
    ],
  },
  test: {
    subject: "A test",
    lines: (organization: string) => [`The mail settings of ${organization} work.`],
  },
  letter: {
    title: "Your access",
    online: "On the internet",
    onlineHow: "Open this address, or read the square with your phone's camera:",
    until: (until: string) => `It works once, until ${until}.`,
    code: "Your code",
    codeHow: "In the building, open this address and enter your code:",
    orAddress: (address: string) => `If that does not open: ${address}`,
    wifi: "The building's Wi-Fi",
    keep: "Please keep this letter safe: whoever has the code sees your consumption.",
  },
};
export type MailWords = typeof en;
