/** `admin`: starts the operator's pages in a browser. */
import { render } from "preact";
render(<p>Riser</p>, document.querySelector("#page") as Element);
