// The server through openid-client (https://github.com/panva/openid-client), as it comes from npm: found by discovery,
// code with PKCE, refresh, user info, introspection, revocation, and sign-out at the end.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import * as oidc from "openid-client";

const { BASE, TOKEN } = process.env;
const issuer = new URL(new URL(BASE).origin);
const redirect = "http://localhost:9/callback";
const home = "http://localhost:9/bye";
const password = "plum violin 77 harbour";
const email = `ada.${randomUUID()}@example.com`;

async function call(method, place, body) {
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/fhir+json" };
  const answer = await fetch(new URL(place, issuer), { method, headers, body: body && JSON.stringify(body) });
  const json = await answer.json();
  assert.ok(answer.ok, JSON.stringify(json));
  return json;
}

// Goes through the pages as a browser without scripts would.
async function visit(address) {
  let cookie = "";
  const seen = [];
  let answer = await fetch(address, { redirect: "manual" });
  for (let page = 0; page < 5; page += 1) {
    for (const line of answer.headers.getSetCookie()) {
      if (line.startsWith("roster=")) cookie = line.split(";")[0];
    }
    const location = answer.headers.get("location");
    if (location) return { back: new URL(location), seen };
    const html = await answer.text();
    seen.push(/<title>(.*?)<\/title>/.exec(html)[1]);
    const form = html.split("<form ").find((form) => /name="do" value="(password|consent)"/.test(form));
    assert.ok(form, html);
    const fields = new URLSearchParams();
    for (const [, attributes] of form.split("</form>")[0].matchAll(/<input ([^>]*type="hidden"[^>]*)>/g)) {
      const plain = (text) => text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
      fields.append(/name="(.*?)"/.exec(attributes)[1], plain(/value="(.*?)"/.exec(attributes)[1]));
    }
    if (fields.get("do") === "password") {
      fields.set("email", email);
      fields.set("password", password);
    }
    answer = await fetch(new URL("/oauth2/step", issuer), { method: "POST", body: fields, headers: { cookie }, redirect: "manual" });
  }
  return assert.fail("there is no end to the pages");
}

const project = (await call("GET", "/fhir/R4/Project")).entry[0].resource.id;
await call("POST", `/admin/projects/${project}/invite`, {
  resourceType: "Practitioner", firstName: "Ada", lastName: "Lovelace", email, password, scope: "project", sendEmail: false,
});
const secret = `${randomUUID()}${randomUUID()}`;
const app = await call("POST", "/fhir/R4/ClientApplication", {
  resourceType: "ClientApplication", name: "An application", secret, redirectUris: [redirect], postLogoutRedirectUris: [home],
});

for (const proof of [oidc.None(), oidc.ClientSecretBasic(secret), oidc.ClientSecretPost(secret)]) {
  const config = await oidc.discovery(issuer, app.id, undefined, proof, { execute: [oidc.allowInsecureRequests] });
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
  const address = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirect,
    scope: "openid profile email fhirUser offline_access",
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
    nonce: expectedNonce,
  });
  const { back, seen } = await visit(address);
  assert.deepEqual(seen, ["Sign in", "Allow access?"]);
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
  const tokens = await oidc.authorizationCodeGrant(config, back, checks);
  const claims = tokens.claims();
  assert.equal(claims.email, email);
  assert.ok(claims.fhirUser.startsWith(`${BASE}/Practitioner/`));

  const next = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  assert.notEqual(next.refresh_token, tokens.refresh_token);
  const user = await oidc.fetchUserInfo(config, next.access_token, claims.sub);
  assert.deepEqual([user.email, user.given_name, user.family_name], [email, "Ada", "Lovelace"]);

  if (proof !== undefined && config.clientMetadata().client_secret) {
    assert.equal((await oidc.tokenIntrospection(config, next.access_token)).active, true);
    await oidc.tokenRevocation(config, next.refresh_token);
    assert.equal((await oidc.tokenIntrospection(config, next.access_token)).active, false);
  }
  const bye = oidc.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: home, state: "s" });
  const left = await fetch(bye, { redirect: "manual" });
  assert.equal(left.headers.get("location"), `${home}?state=s`);
  await assert.rejects(oidc.fetchUserInfo(config, next.access_token, claims.sub));
  await assert.rejects(oidc.refreshTokenGrant(config, next.refresh_token), { error: "invalid_grant" });
}
console.log("openid-client: all is well");
