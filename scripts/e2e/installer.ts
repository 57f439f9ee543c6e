/** `installer`: somebody at a gateway's setup page, by its API. */

/** The setup page's API, signed in with the device's own code. */
export async function installer(url: string, code: string) {
  const signIn = await fetch(`${url}/api/v1/setup/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code }),
  });
  const cookie = signIn.headers.getSetCookie()[0]!.split(";")[0]!;
  return async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${url}/api/v1/setup${path}`, {
      method,
      headers: { cookie, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, json: await answer.json() };
  };
}
