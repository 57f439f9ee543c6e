/** `resident`: starts the residents' pages in a browser. */
import { render } from "preact";
render(<p>Riser</p>, document.querySelector("#page") as Element);
