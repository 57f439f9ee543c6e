/**
 * `log`: the little that the radio side asks of a logger; pino's fits.
 *
 * Fields must never carry a key, a payload or a person. DevEUIs and addresses of antennas may stand there.
 */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
