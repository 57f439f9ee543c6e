/** `label-read`: what can stand on a device's label, as far as it was understood. */
export interface LabelRead {
  /** How it was written. */
  readonly format: "tr005" | "json" | "address" | "words" | "eui";
  /** 16 hex digits, lower case. */
  readonly devEui?: string | undefined;
  readonly joinEui?: string | undefined;
  /** 32 hex digits. A secret: never into a log, a page's address or a document in clear. */
  readonly appKey?: string | undefined;
  readonly serial?: string | undefined;
  /** What the maker calls the model. */
  readonly model?: string | undefined;
  /** Maker and product by the LoRa Alliance's list, 8 hex digits (TR005). */
  readonly profileId?: string | undefined;
  /** What is wrong with it, in English; empty when all of it is well. */
  readonly problems: readonly string[];
}
