/** `mail-stand`: a real mail server in this process that keeps what it gets. Only tests use it. */
import type { AddressInfo } from "node:net";
import { simpleParser, type ParsedMail } from "mailparser";
import { SMTPServer } from "smtp-server";

export interface MailStand {
  readonly port: number;
  readonly got: ParsedMail[];
  /** Refuses everything while true. */
  isAway: boolean;
  /** Resolves when so many mails have come in all. */
  arrived(count: number): Promise<ParsedMail[]>;
  close(): Promise<void>;
}

/** @param login what somebody has to say to be let in; undefined: nobody has to */
export async function openMailStand(login?: { user: string; pass: string }): Promise<MailStand> {
  const got: ParsedMail[] = [];
  const waiting = new Set<() => void>();
  const stand = { isAway: false };
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS", ...(login ? [] : ["AUTH"])],
    authOptional: login === undefined,
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      if (username === login?.user && password === login?.pass) done(null, { user: username });
      else done(new Error("not let in"));
    },
    onMailFrom(_address, _session, done) {
      done(stand.isAway ? new Error("closed for today, ask ana@example.org") : null);
    },
    onData(stream, _session, done) {
      simpleParser(stream).then(
        (mail) => {
          got.push(mail);
          done();
          for (const wake of waiting) wake();
        },
        (error: Error) => done(error),
      );
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  return Object.assign(stand, {
    port,
    got,
    async arrived(count: number) {
      while (got.length < count)
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
        });
      return got;
    },
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  });
}
