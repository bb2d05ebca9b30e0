// A standalone launch of SMART (https://hl7.org/fhir/smart-app-launch/) by fhirclient, as it comes from npm, in a real
// browser without a head: from the application through the pages of sign-in and back. SHOTS names a folder for pictures.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { chromium } from "playwright-core";

const { BASE, TOKEN, SHOTS } = process.env;
const executablePath = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
if (!executablePath) {
  console.error("there is no Chromium on this machine; CHROMIUM says where one is");
  process.exit(1);
}
const password = "plum violin 77 harbour";
const email = `ada.${randomUUID()}@example.com`;
const library = readFileSync("node_modules/fhirclient/build/fhir-client.js");

async function call(method, place, body) {
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/fhir+json" };
  const answer = await fetch(new URL(place, BASE), { method, headers, body: body && JSON.stringify(body) });
  const json = await answer.json();
  assert.ok(answer.ok, JSON.stringify(json));
  return json;
}

const page = (script) => `<!doctype html><meta charset="utf-8"><title>App</title><script src="/library.js"></script><pre id="out"></pre><script>${script}</script>`;
let client;
const site = createServer((request, response) => {
  const path = request.url.split("?")[0];
  if (path === "/library.js") return response.setHeader("content-type", "text/javascript").end(library);
  response.setHeader("content-type", "text/html");
  if (path === "/launch") {
    const options = { iss: BASE, clientId: client, scope: "openid fhirUser launch/patient patient/Patient.rs offline_access", redirectUri: "/app", pkceMode: "required" };
    return response.end(page(`FHIR.oauth2.authorize(${JSON.stringify(options)}).catch((error) => { out.textContent = "failed: " + error; });`));
  }
  return response.end(page(`FHIR.oauth2.ready().then(async (client) => {
    const patient = await client.patient.read();
    const others = await client.request("Patient");
    const user = await client.user.read().catch((error) => "refused");
    out.textContent = JSON.stringify({ patient, seen: others.entry.length, user, fhirUser: client.user.fhirUser, scope: client.state.tokenResponse.scope, refresh: !!client.state.tokenResponse.refresh_token });
  }).catch((error) => { out.textContent = "failed: " + error; });`));
});
await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${site.address().port}`;

const project = (await call("GET", "/fhir/R4/Project")).entry[0].resource.id;
await call("POST", `/admin/projects/${project}/invite`, {
  resourceType: "Practitioner", firstName: "Ada", lastName: "Lovelace", email, password, scope: "project", sendEmail: false,
  membership: { admin: true },
});
for (const [family, given] of [["Ainsley", "Ruth"], ["Birch", "Tom"], ["Cedar", "Una"]]) {
  await call("POST", "/fhir/R4/Patient", { resourceType: "Patient", name: [{ family, given: [given] }], gender: "female", birthDate: "1970-02-03" });
}
const app = await call("POST", "/fhir/R4/ClientApplication", {
  resourceType: "ClientApplication", name: "Growth Chart", redirectUris: [`${origin}/app`],
});
client = app.id;

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  // The pages of sign-in work without scripts; only the application needs them.
  const context = await browser.newContext({ viewport: { width: 800, height: 900 } });
  const tab = await context.newPage();
  const faults = [];
  tab.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  const shot = (name) => SHOTS && tab.screenshot({ path: `${SHOTS}/${name}.png` });

  await tab.goto(`${origin}/launch`);
  await tab.getByRole("heading", { name: "Sign in" }).waitFor();
  await shot("1-sign-in");
  await tab.getByLabel("E-mail").fill(email);
  await tab.getByLabel("Password").fill("a wrong password");
  await tab.keyboard.press("Enter");
  await tab.getByRole("alert").waitFor();
  assert.match(await tab.title(), /^Error/);
  await shot("2-wrong-password");
  await tab.getByLabel("Password").fill(password);
  await tab.getByRole("button", { name: "Sign in" }).click();
  await tab.getByRole("heading", { name: "Choose a patient" }).waitFor();
  await shot("3-patients");
  await tab.getByLabel("Search by name").fill("Birch");
  await tab.getByRole("button", { name: "Search" }).click();
  await tab.getByRole("button", { name: "Tom Birch" }).waitFor();
  assert.equal(await tab.getByRole("button", { name: "Ruth Ainsley" }).count(), 0);
  await tab.getByRole("button", { name: "Tom Birch" }).click();
  await tab.getByRole("heading", { name: "Allow access?" }).waitFor();
  await shot("4-consent");
  await tab.getByRole("button", { name: "Allow" }).click();
  await tab.waitForURL(`${origin}/app**`);
  await tab.waitForFunction(() => document.querySelector("#out").textContent !== "");
  await shot("5-app");
  const out = await tab.locator("#out").textContent();
  assert.ok(!out.startsWith("failed"), `${out}\n${faults.join("\n")}`);
  const result = JSON.parse(out);
  assert.equal(result.patient.name[0].family, "Birch");
  assert.equal(result.seen, 1);
  assert.equal(result.user, "refused");
  assert.match(result.fhirUser, /Practitioner\//);
  assert.ok(result.refresh);
} finally {
  await browser.close();
  site.close();
}
console.log("smart-launch: all is well");
