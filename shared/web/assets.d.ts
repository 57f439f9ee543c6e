/** What esbuild makes of files that are no TypeScript: see `bundle.ts`. */
declare module "*.svg" {
  /** The drawing inside a Lucide icon, without its `<svg>` element. */
  const drawing: string;
  export default drawing;
}
declare module "*.css";
