// The pages of sign-in in a real browser that runs no scripts: second factors, recovery codes, a forgotten password, a
// choice of memberships, the end of a session. SHOTS names a folder for pictures; MAIL is the folder that mail goes to.
import assert from "node:assert/strict";
import { createHash, createHmac, randomBytes, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { chromium } from "playwright-core";

const { BASE, TOKEN, SHOTS, MAIL } = process.env;
const executablePath = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
if (!executablePath) {
  console.error("there is no Chromium on this machine; CHROMIUM says where one is");
  process.exit(1);
}
const password = "plum violin 77 harbour";
const another = "violet cannon 41 bridge";

async function call(method, place, body) {
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/fhir+json" };
  const answer = await fetch(new URL(place, BASE), { method, headers, body: body && JSON.stringify(body) });
  const json = await answer.json();
  assert.ok(answer.ok, JSON.stringify(json));
  return json;
}

// An application that does no more than be sent back to.
const site = createServer((request, response) => {
  response.setHeader("content-type", "text/html").end("<!doctype html><title>App</title><h1>The application</h1>");
});
await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${site.address().port}`;

const project = (await call("GET", "/fhir/R4/Project")).entry[0].resource.id;
async function invite(more) {
  const email = `${more.firstName.toLowerCase()}.${randomUUID()}@example.com`;
  const membership = await call("POST", `/admin/projects/${project}/invite`, {
    resourceType: "Practitioner", lastName: "Lovelace", email, password, scope: "project", sendEmail: false, membership: { admin: true }, ...more,
  });
  return { email: more.email ?? email, membership };
}
const app = await call("POST", "/fhir/R4/ClientApplication", {
  resourceType: "ClientApplication", name: "Growth Chart", redirectUris: [`${origin}/app`], postLogoutRedirectUris: [`${origin}/bye`],
});

function request() {
  const verifier = randomBytes(32).toString("base64url");
  const address = new URL("/oauth2/authorize", BASE);
  address.search = new URLSearchParams({
    response_type: "code", client_id: app.id, redirect_uri: `${origin}/app`, scope: "openid fhirUser user/Patient.rs", state: "a state",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"), code_challenge_method: "S256",
  });
  return { verifier, address: address.href };
}

// The six digits of an authenticator app, of the step that is `later` than now (RFC 6238).
function totp(uri, later = 0) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...new URL(uri).searchParams.get("secret")].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const mac = createHmac("sha1", key).update(step).digest();
  const start = mac.at(-1) & 15;
  return String((mac.readUInt32BE(start) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

// The last link that somebody was mailed. Mail goes out after the answer.
async function mailed(email, page) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const files = readdirSync(MAIL).filter((name) => name.endsWith(".eml")).sort();
    const texts = files.map((name) => readFileSync(`${MAIL}/${name}`, "utf8").replaceAll("=\r\n", "").replaceAll("=3D", "="));
    const links = texts.filter((text) => text.includes(email)).flatMap((text) => text.match(new RegExp(`http\\S*/${page}/\\S+`, "g")) ?? []);
    if (links.length > 0) return links.at(-1);
    assert.ok(Date.now() < deadline, `no mail to ${email} leads to ${page}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
let number = 0;

// A browser that nobody has used yet, as wide as a telephone or as a desk.
async function fresh(width = 800) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width, height: 900 } });
  const tab = await context.newPage();
  const faults = [];
  tab.on("console", (message) => message.type() === "error" && !/status of 4\d\d/.test(message.text()) && faults.push(message.text()));
  const heading = async (name) => {
    await tab.getByRole("heading", { name, level: 1 }).waitFor();
    // Whatever the page is, it fits, and says so in its title; and nothing that it needs was refused.
    const box = await tab.locator("main").boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= width, `${name} is wider than the window`);
    for (const one of await tab.locator("main *:visible").all()) {
      const inner = await one.boundingBox();
      assert.ok(!inner || inner.x + inner.width <= box.x + box.width + 1, `${name}: ${await one.textContent()} sticks out`);
    }
    assert.match(await tab.title(), new RegExp(name.replace("?", "\\?")));
    assert.deepEqual(faults, []);
    if (SHOTS) await tab.screenshot({ path: `${SHOTS}/${String(++number).padStart(2, "0")}-${name.replaceAll(/\W+/g, "-")}.png`, fullPage: true });
  };
  const press = (name) => tab.getByRole("button", { name, exact: true }).click();
  const signIn = async (email, secret = password) => {
    const asked = request();
    await tab.goto(asked.address);
    await heading("Sign in");
    await tab.getByLabel("E-mail").fill(email);
    await tab.getByLabel("Password", { exact: true }).fill(secret);
    await press("Sign in");
    return asked;
  };
  // To the end: what the code is worth.
  const allow = async (asked) => {
    await heading("Allow access?");
    await press("Allow");
    await tab.waitForURL(`${origin}/app**`);
    const back = new URL(tab.url()).searchParams;
    assert.equal(back.get("state"), "a state");
    const body = new URLSearchParams({
      grant_type: "authorization_code", code: back.get("code"), client_id: app.id, redirect_uri: `${origin}/app`, code_verifier: asked.verifier,
    });
    const answer = await fetch(new URL("/oauth2/token", BASE), { method: "POST", body });
    const tokens = await answer.json();
    assert.ok(answer.ok, JSON.stringify(tokens));
    return JSON.parse(Buffer.from(tokens.id_token.split(".")[1], "base64url").toString());
  };
  return { context, tab, heading, press, signIn, allow };
}

// Somebody who must have a second factor sets it up on the way in.
async function factors() {
  const { email } = await invite({ firstName: "Cyd", mfaRequired: true });
  let at = await fresh(360);
  let asked = await at.signIn(email);
  await at.heading("Set up a second factor");
  const picture = at.tab.locator("img.qr");
  assert.ok((await picture.boundingBox()).width > 100);
  assert.match(await picture.getAttribute("src"), /^data:image\/svg\+xml/);
  assert.ok((await picture.getAttribute("alt")).length > 10);
  const uri = await at.tab.locator("code").textContent();
  assert.match(uri, /^otpauth:\/\/totp\//);
  await at.tab.getByLabel("Code").fill("000000");
  await at.press("Set it up");
  await at.tab.getByRole("alert").waitFor();
  await at.heading("Set up a second factor");
  await at.tab.getByLabel("Code").fill(totp(uri));
  await at.press("Set it up");
  await at.heading("Your recovery codes");
  const codes = await at.tab.locator("ul.codes li").allTextContents();
  assert.ok(codes.length >= 8 && new Set(codes).size === codes.length, codes.join());
  await at.press("I have written them down");
  assert.match((await at.allow(asked)).fhirUser, /Practitioner\//);

  // The next time it is asked for.
  at = await fresh();
  asked = await at.signIn(email);
  await at.heading("Prove it is you");
  await at.tab.getByLabel("Code").fill("123456");
  await at.press("Go on");
  await at.tab.getByRole("alert").waitFor();
  await at.heading("Prove it is you");
  await at.tab.getByLabel("Code").fill(totp(uri, 1));
  await at.press("Go on");
  await at.allow(asked);

  // Or a recovery code, each once.
  for (const [code, good] of [[codes[0], true], [codes[0], false], [codes[1].toUpperCase(), true]]) {
    at = await fresh(360);
    asked = await at.signIn(email);
    await at.heading("Prove it is you");
    await at.tab.getByLabel("Code").fill(` ${code} `);
    await at.press("Go on");
    if (good) await at.allow(asked);
    else await at.tab.getByRole("alert").waitFor();
  }
}

// Somebody who does not know his password any more.
async function forgotten() {
  const { email } = await invite({ firstName: "Ada" });
  const at = await fresh(360);
  await at.tab.goto(request().address);
  await at.heading("Sign in");
  await at.press("Forgot your password?");
  await at.heading("Forgot your password?");
  await at.tab.getByLabel("E-mail").fill("nobody@nowhere.example");
  await at.press("Mail me a link");
  await at.heading("Sign in");
  const told = await at.tab.getByRole("status").textContent();
  await at.press("Forgot your password?");
  await at.tab.getByLabel("E-mail").fill(email);
  await at.press("Mail me a link");
  await at.heading("Sign in");
  assert.equal(await at.tab.getByRole("status").textContent(), told, "whether there is an account is nobody's business");

  const link = await mailed(email, "setpassword");
  const reader = await fresh();
  await reader.tab.goto(link);
  await reader.heading("Your new password");
  await reader.tab.getByLabel("Choose a password").fill("short");
  await reader.press("Set password");
  await reader.tab.getByRole("alert").waitFor();
  await reader.heading("Your new password");
  await reader.tab.getByLabel("Choose a password").fill(another);
  await reader.press("Set password");
  await reader.heading("Your password is set");
  await reader.tab.goto(link);
  await reader.heading("This does not work");

  await at.signIn(email);
  await at.tab.getByRole("alert").waitFor();
  await at.allow(await at.signIn(email, another));
}

// Somebody who is invited by mail.
async function invited() {
  const { email } = await invite({ firstName: "Dot", password: undefined, sendEmail: true });
  const at = await fresh(360);
  await at.tab.goto(await mailed(email, "setpassword"));
  await at.heading("Welcome");
  await at.tab.getByLabel("Choose a password").fill(another);
  await at.press("Set password");
  await at.heading("Your password is set");
  await at.allow(await at.signIn(email, another));
}

// Somebody who is a practitioner and a patient says which, and signs out in the end.
async function chosen() {
  const { email } = await invite({ firstName: "Bea" });
  await invite({ firstName: "Bea", email, resourceType: "Patient", password: undefined, forceNewMembership: true, membership: { identifier: [{ value: "as a patient" }] } });
  const at = await fresh();
  const asked = await at.signIn(email);
  await at.heading("Who are you today?");
  const choices = at.tab.getByRole("button", { name: "Bea Lovelace" });
  assert.equal(await choices.count(), 2);
  await at.tab.getByRole("button", { name: "as a patient" }).click();
  assert.match((await at.allow(asked)).fhirUser, /Patient\//);

  // Nobody else's page signs him out: he is asked.
  await at.tab.goto(new URL("/oauth2/logout", BASE).href);
  await at.heading("Sign out?");
  // Until he says so, he is in.
  await at.tab.goto(request().address);
  assert.notEqual(await at.tab.getByRole("heading", { level: 1 }).textContent(), "Sign in");
  const bye = new URL("/oauth2/logout", BASE);
  bye.search = new URLSearchParams({ client_id: app.id, post_logout_redirect_uri: `${origin}/bye` });
  await at.tab.goto(bye.href);
  await at.heading("Sign out?");
  await at.press("Sign out");
  await at.tab.waitForURL(`${origin}/bye`);
  await at.tab.goto(request().address);
  await at.heading("Sign in");
  await at.tab.goto(new URL("/oauth2/logout", BASE).href);
  await at.heading("You are signed out");
}

try {
  for (const story of [factors, forgotten, invited, chosen]) await story();
} finally {
  await browser.close();
  site.close();
}
console.log("pages: all is well");
