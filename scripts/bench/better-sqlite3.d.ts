/** The few calls of better-sqlite3 that a bench makes: it is a rival there and nothing else. */
declare module "better-sqlite3" {
  interface Statement {
    run(...values: unknown[]): unknown;
  }
  interface Database {
    pragma(text: string): unknown;
    exec(text: string): void;
    prepare(text: string): Statement;
    transaction<A extends unknown[]>(work: (...given: A) => void): (...given: A) => void;
    close(): void;
  }
  const open: new (path: string) => Database;
  export default open;
}
