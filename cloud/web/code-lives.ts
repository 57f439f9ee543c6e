/** `code-lives`: for how many days a claim code may be good. */
export const CODE_LIVES = [1, 7, 30, 90, 180] as const;
