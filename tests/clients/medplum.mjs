// The server through Medplum's own client (https://www.npmjs.com/package/@medplum/core), as it comes from npm: a new
// account and project, sign-in with a password and with a second factor, and what its users do all day.
// MEDPLUM names the package, so that several versions are put through the same.
import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";

// What a browser has, and not every Node: the newer one looks for it as soon as it is imported, the older one when
// somebody signs in. With `window` it hashes the challenge; the newer one is left without, and sends it plain.
globalThis.WebSocket ??= class {};
const kept = new Map();
globalThis.sessionStorage ??= {
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, value) => kept.set(name, value),
  removeItem: (name) => kept.delete(name),
  clear: () => kept.clear(),
};
if (process.env.MEDPLUM) {
  globalThis.window = { crypto, btoa, atob, TextDecoder, TextEncoder, location: new URL(process.env.BASE), addEventListener() {} };
}
const { MedplumClient } = await import(process.env.MEDPLUM ?? "@medplum/core");

const baseUrl = `${new URL(process.env.BASE).origin}/`;
const fresh = (more = {}) => new MedplumClient({ baseUrl, cacheTime: 0, ...more });
const email = `ada.${randomUUID()}@example.com`;
const password = "plum violin 77 harbour";
const medplum = fresh();
let totp;

async function refused(call, told) {
  const error = await call.then(() => assert.fail("it was not refused"), (error) => error);
  assert.equal(error.outcome?.resourceType, "OperationOutcome", error.stack);
  assert.match(JSON.stringify(error.outcome), told);
}

// Six digits of a step, as an app shows them (RFC 6238).
function digits(uri, later = 0) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...new URL(uri).searchParams.get("secret")].map((char) => alphabet.indexOf(char).toString(2).padStart(5, "0"));
  const key = Buffer.from(bits.join("").match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const mac = createHmac("sha1", key).update(counter).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

async function newProject() {
  const user = await medplum.startNewUser({ firstName: "Ada", lastName: "Lovelace", email, password, remember: true });
  const project = await medplum.startNewProject({ login: user.login, projectName: "Analytical Engines" });
  assert.ok(project.code);
  const profile = await medplum.processCode(project.code);
  assert.equal(profile.resourceType, "Practitioner");
  assert.equal(medplum.getProject().name, "Analytical Engines");
  assert.ok(medplum.getProjectMembership().admin);
}

async function signIn() {
  const client = fresh();
  await refused(client.startLogin({ email, password: "wrong" }), /wrong/);
  const login = await client.startLogin({ email, password });
  await client.processCode(login.code);
  assert.equal(client.getProfile().name[0].family, "Lovelace");
  assert.ok(client.getUserConfiguration().menu.length > 0);
  assert.ok(client.getAccessPolicy());
  await client.signOut();
  assert.equal(client.getActiveLogin(), undefined);
}

async function secondFactor() {
  const status = await medplum.get("auth/mfa/status");
  assert.equal(status.enrolled, false);
  totp = status.enrollUri;
  await medplum.post("auth/mfa/enroll", { token: digits(totp, -1) });
  assert.equal((await medplum.get("auth/mfa/status", { cache: "reload" })).enrolled, true);
  const client = fresh();
  const begun = await client.startLogin({ email, password });
  assert.equal(begun.mfaRequired, true);
  assert.equal(begun.code, undefined);
  await refused(client.post("auth/mfa/verify", { login: begun.login, token: "000000" }), /code/);
  const done = await client.post("auth/mfa/verify", { login: begun.login, token: digits(totp) });
  const profile = await client.processCode(done.code);
  assert.equal(profile.resourceType, "Practitioner");
}

async function clientLogin() {
  const id = medplum.getProject().id;
  const made = await medplum.post(`admin/projects/${id}/client`, { name: "Backend" });
  assert.equal(made.resourceType, "ClientApplication");
  assert.ok(made.secret);
  const client = fresh();
  await client.startClientLogin(made.id, made.secret);
  assert.equal(client.getProfile().resourceType, "ClientApplication");
  const basic = fresh();
  basic.setBasicAuth(made.id, made.secret);
  await basic.readResource("ClientApplication", made.id);
  await refused(fresh().startClientLogin(made.id, "wrong-wrong-wrong-wrong"), /./).catch((error) => assert.match(String(error), /client|secret/i));
}

async function lifeOfOne() {
  const created = await medplum.createResource({ resourceType: "Patient", name: [{ family: "Life", given: ["One"] }] });
  assert.deepEqual((await medplum.readResource("Patient", created.id, { cache: "reload" })).name, created.name);
  const updated = await medplum.updateResource({ ...created, active: true });
  assert.notEqual(updated.meta.versionId, created.meta.versionId);
  const patched = await medplum.patchResource("Patient", created.id, [{ op: "replace", path: "/active", value: false }]);
  assert.equal(patched.active, false);
  const history = await medplum.readHistory("Patient", created.id);
  assert.equal(history.entry.length, 3);
  const first = await medplum.readVersion("Patient", created.id, created.meta.versionId);
  assert.equal(first.active, undefined);
  const reference = await medplum.readReference({ reference: `Patient/${created.id}` }, { cache: "reload" });
  assert.equal(reference.id, created.id);
  await medplum.deleteResource("Patient", created.id);
  await refused(medplum.readResource("Patient", created.id, { cache: "reload" }), /deleted|gone/i);
  await refused(medplum.createResource({ resourceType: "Patient", birthDate: "x" }), /birthDate/);
}

async function pages() {
  for (let number = 0; number < 7; number += 1) await medplum.createResource({ resourceType: "Patient", name: [{ family: "Page", given: [`P${number}`] }] });
  const found = [];
  for await (const page of medplum.searchResourcePages("Patient", "family=page&_sort=-given&_count=3")) found.push(...page.map((one) => one.id));
  assert.equal(new Set(found).size, 7);
  assert.equal((await medplum.searchResources("Patient", { family: "page", _count: "5" })).length, 5);
  assert.equal((await medplum.searchOne("Patient", "given=P3")).name[0].given[0], "P3");
  assert.equal((await medplum.search("Patient", "family=page&_total=accurate&_count=0")).total, 7);
}

async function conditions() {
  const once = { resourceType: "Patient", identifier: [{ system: "urn:once", value: "1" }] };
  const first = await medplum.createResourceIfNoneExist(once, "identifier=urn:once|1");
  const second = await medplum.createResourceIfNoneExist(once, "identifier=urn:once|1");
  assert.equal(first.id, second.id);
  if (medplum.upsertResource) {
    const upserted = await medplum.upsertResource({ ...once, active: true }, "identifier=urn:once|1");
    assert.equal(upserted.id, first.id);
  }
}

async function bundles() {
  const urn = `urn:uuid:${randomUUID()}`;
  const patient = { resourceType: "Patient", managingOrganization: { reference: urn } };
  const done = await medplum.executeBatch({
    resourceType: "Bundle",
    type: "transaction",
    entry: [
      { request: { method: "POST", url: "Patient" }, resource: patient },
      { fullUrl: urn, request: { method: "POST", url: "Organization" }, resource: { resourceType: "Organization", name: "Of all" } },
    ],
  });
  assert.deepEqual(done.entry.map((entry) => entry.response.status.slice(0, 3)), ["201", "201"]);
  const batch = await medplum.executeBatch({
    resourceType: "Bundle",
    type: "batch",
    entry: [{ request: { method: "GET", url: "Patient?_count=1" } }, { request: { method: "GET", url: "Nonsense" } }],
  });
  assert.deepEqual(batch.entry.map((entry) => entry.response.status.slice(0, 3)), ["200", "404"]);
}

async function graphql() {
  const answer = await medplum.graphql("{ PatientList(family: \"page\", _count: 2) { id name { family } } }");
  assert.equal(answer.data.PatientList.length, 2);
  assert.equal(answer.data.PatientList[0].name[0].family, "Page");
}

async function invite() {
  const id = medplum.getProject().id;
  const grace = `grace.${randomUUID()}@example.com`;
  const invited = { resourceType: "Practitioner", firstName: "Grace", lastName: "Hopper", email: grace, sendEmail: false };
  const membership = await medplum.invite(id, { ...invited, password: "violet cannon 41 bridge" });
  assert.equal(membership.resourceType, "ProjectMembership");
  const client = fresh();
  const login = await client.startLogin({ email: grace, password: "violet cannon 41 bridge", projectId: id });
  const profile = await client.processCode(login.code);
  assert.equal(profile.name[0].family, "Hopper");
  await refused(client.searchResources("Patient", ""), /may not|policy/i);
}

async function refreshed() {
  const before = medplum.getAccessToken();
  await medplum.refreshIfExpired?.(10_000_000);
  assert.notEqual(medplum.getAccessToken(), before);
  assert.equal((await medplum.get("auth/me", { cache: "reload" })).project.name, "Analytical Engines");
}

async function signOut() {
  const token = medplum.getAccessToken();
  await medplum.signOut();
  const answer = await fetch(`${baseUrl}auth/me`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 401);
}

// In Node it says each time that it does without hashing the challenge.
console.warn = () => {};
const scenes = [newProject, signIn, secondFactor, clientLogin, lifeOfOne, pages, conditions, bundles, graphql, invite, refreshed, signOut];
for (const scene of scenes) {
  await scene();
  console.log(scene.name);
}
process.exit(0);
