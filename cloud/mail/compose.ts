/**
 * `compose`: mails as text and HTML from the words of the reader's language. Pure.
 *
 * Names come from people and go into HTML: everything is escaped.
 */
import type { Language } from "#shared/api/resident.ts";
import type { Mail } from "./outbox.ts";
import { de } from "./words/de.ts";
import { en, type MailWords } from "./words/en.ts";
import { es } from "./words/es.ts";
import { fr } from "./words/fr.ts";

export const mailWords: Readonly<Record<Language, MailWords>> = { en, es, de, fr };

export interface Reader {
  readonly to: string;
  readonly firstName: string;
  readonly language: Language;
}

/** A link with what it is for. */
export function linkMail(
  reader: Reader,
  kind: "activate" | "reset" | "enter" | "email",
  about: { organization: string; url: string; expiresAt: string },
): Mail {
  const words = mailWords[reader.language];
  const { subject, lines, after } = words[kind];
  const { organization, url } = about;
  return mail(reader, typeof subject === "string" ? subject : subject(organization), [
    words.hello(reader.firstName),
    ...lines(organization),
    { url },
    ...after(shownMoment(about.expiresAt, reader.language)),
  ]);
}

/** Something they should know of. */
export function noticeMail(
  reader: Reader,
  kind: "changed" | "moving" | "moved" | "taken" | "test",
  organization: string,
): Mail {
  const words = mailWords[reader.language];
  const { subject, lines } = words[kind];
  return mail(reader, subject, [words.hello(reader.firstName), ...lines(organization)]);
}

function mail(
  { to, language }: Reader,
  subject: string,
  parts: readonly (string | { url: string })[],
): Mail {
  const text = `${parts.map((part) => (typeof part === "string" ? part : part.url)).join("\n\n")}\n`;
  const html = parts
    .map((part) =>
      typeof part === "string"
        ? `<p>${escaped(part)}</p>`
        : `<p><a href="${escaped(part.url)}">${escaped(part.url)}</a></p>`,
    )
    .join("\n");
  return {
    to,
    // A name with a line break must not become a header of its own.
    subject: subject.replaceAll(/\s+/g, " "),
    text,
    html: `<!doctype html><html lang="${language}"><body>\n${html}\n</body></html>`,
  };
}

/** For a person to read: day and time in UTC, in the order of their language. */
export function shownMoment(at: string, language: Language): string {
  const shown = new Intl.DateTimeFormat(language, {
    dateStyle: "long",
    timeStyle: "short",
    timeZone: "UTC",
  });
  return `${shown.format(new Date(at))} UTC`;
}

export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
