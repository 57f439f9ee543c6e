/** `resident`: starts the residents' pages in a browser. */
import { startResidentPages } from "#shared/web/resident/start.tsx";

const root = document.querySelector("#page");
if (root !== null) void startResidentPages(root);
