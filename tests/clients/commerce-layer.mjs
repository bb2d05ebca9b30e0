// The server through Commerce Layer's own client (https://www.npmjs.com/package/@commercelayer/provisioning-sdk), as it
// comes from npm. It knows one host only; its `fetch` option leads it here.
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { CommerceLayerProvisioning, CommerceLayerProvisioningStatic } from "@commercelayer/provisioning-sdk";

const { ORIGIN, PROJECT, TOKEN } = process.env;
const here = (url, init) => {
  const { pathname, search } = new URL(url instanceof Request ? url.url : url);
  return fetch(`${ORIGIN}${pathname}${search}`, init);
};
const client = (accessToken) => CommerceLayerProvisioning({ accessToken, fetch: here });

// A person who is an admin, and his token.
const email = `owner.${randomUUID()}@example.com`;
const password = "violet harbour of nine plums";
const json = async (path, body, headers = {}) => {
  const answer = await fetch(`${ORIGIN}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
};
const invitation = { resourceType: "Practitioner", firstName: "Olga", lastName: "Owner", email, password, scope: "project", sendEmail: false, membership: { admin: true } };
await json(`/admin/projects/${PROJECT}/invite`, invitation, { Authorization: `Bearer ${TOKEN}` });
const verifier = "a-verifier-of-forty-three-characters-or-more-0123";
const codeChallenge = createHash("sha256").update(verifier).digest("base64url");
const login = await json("/auth/login", { email, password, scope: "openid", projectId: PROJECT, clientId: "", codeChallenge, codeChallengeMethod: "S256" });
const form = new URLSearchParams({ grant_type: "authorization_code", code: login.code, client_id: "", redirect_uri: "", code_verifier: verifier });
const tokens = await (await fetch(`${ORIGIN}/oauth2/token`, { method: "POST", body: form })).json();
const cl = client(tokens.access_token);

async function refused(call, status, code) {
  const error = await call.then(() => assert.fail("it was not refused"), (error) => error);
  assert.ok(CommerceLayerProvisioningStatic.isApiError(error), error.stack);
  assert.equal(error.status, status, error.stack);
  assert.equal(error.first().code, code);
}

// The user.
const me = await cl.user.retrieve();
assert.equal(me.type, "users");
assert.equal(me.email, email);
const changed = await cl.user.update({ first_name: "Ada", time_zone: "Europe/Rome", reference: "R-1", metadata: { foo: { bar: [1] } } });
assert.deepEqual([changed.first_name, changed.time_zone, changed.reference], ["Ada", "Europe/Rome", "R-1"]);
assert.deepEqual(changed.metadata, { foo: { bar: [1] } });
assert.equal((await cl.user.retrieve({ fields: { users: ["email"] } })).first_name, undefined);

// Roles and credentials.
const organization = await cl.organizations.retrieve(PROJECT);
const role = await cl.roles.create({ name: "Editor", organization: cl.organizations.relationship(organization.id) });
assert.equal((await cl.roles.update({ id: role.id, name: "Writer" })).name, "Writer");
const credential = await cl.api_credentials.create({
  name: "Sync",
  kind: "integration",
  organization: cl.organizations.relationship(organization.id),
  role: cl.roles.relationship(role.id),
});
assert.ok(credential.client_secret);
assert.equal((await cl.api_credentials.retrieve(credential.id, { include: ["role"] })).role.id, role.id);
const key = client(`sk_${credential.client_id}_${credential.client_secret}`);
await refused(key.user.retrieve(), 404, "RECORD_NOT_FOUND");
await cl.api_credentials.delete(credential.id);

// Memberships.
const made = [];
for (const name of ["a", "b", "c"]) {
  const membership = await cl.memberships.create({
    user_email: `${name}@example.com`,
    organization: cl.organizations.relationship(organization.id),
    role: cl.roles.relationship(role.id),
  });
  assert.equal(membership.status, "pending");
  made.push(membership.id);
}
const pending = { status_eq: "pending" };
const page = await cl.memberships.list({ filters: pending, pageSize: 2, sort: { created_at: "asc" }, include: ["role"] });
assert.equal(page.length, 2);
assert.deepEqual([page.meta.recordCount, page.meta.pageCount], [3, 2]);
assert.equal(page[0].role.name, "Writer");
const second = await cl.memberships.list({ filters: pending, pageSize: 2, pageNumber: 2, sort: ["created_at"] });
assert.deepEqual([...page, ...second].map((one) => one.id), made);
assert.equal(await cl.memberships.count({ filters: { user_email_in: ["a@example.com", "b@example.com"] } }), 2);
assert.equal((await cl.memberships.role(made[0])).name, "Writer");
assert.equal((await cl.memberships.organization(made[0])).id, PROJECT);
assert.equal((await cl.roles.memberships(role.id)).length, 3);
const updated = await cl.memberships.update({ id: made[0], reference: "M-1", role: cl.roles.relationship(null) });
assert.equal(updated.reference, "M-1");
assert.equal((await cl.memberships.retrieve(made[0], { include: ["role"] })).role ?? null, null);
const versions = await cl.memberships.versions(made[0]);
assert.deepEqual(versions[0].changes, { role_id: [role.id, null], reference: [null, "M-1"] });
assert.equal(versions[0].who.user.id, me.id);
assert.equal((await cl.versions.retrieve(versions[1].id)).event, "create");
await cl.memberships.resend(made[1]);

// What a role allows, and in which application a member has another one.
const permission = await cl.permissions.create({
  subject: "Patient",
  can_create: false,
  can_read: true,
  can_update: false,
  can_destroy: false,
  role: cl.roles.relationship(role.id),
});
assert.deepEqual([permission.subject, permission.can_read, permission.can_create], ["Patient", true, false]);
assert.equal((await cl.permissions.update({ id: permission.id, can_update: true })).can_update, true);
assert.equal((await cl.permissions.retrieve(permission.id, { include: ["role"] })).role.id, role.id);
assert.equal((await cl.permissions.role(permission.id)).name, "Writer");
assert.deepEqual([...(await cl.roles.permissions(role.id))].map((one) => one.subject), ["Patient"]);
assert.equal((await cl.roles.retrieve(role.id, { include: ["permissions"] })).permissions[0].id, permission.id);
assert.equal(await cl.permissions.count({ filters: { subject_eq: "Patient", can_update_true: true } }), 1);
const app = await cl.api_credentials.create({
  name: "Till",
  kind: "webapp",
  redirect_uri: "https://till.example.com/back",
  organization: cl.organizations.relationship(organization.id),
});
const reach = await cl.application_memberships.create({
  filters: { market: "italy" },
  api_credential: cl.api_credentials.relationship(app.id),
  membership: cl.memberships.relationship(made[1]),
  organization: cl.organizations.relationship(organization.id),
  role: cl.roles.relationship(role.id),
});
assert.deepEqual(reach.filters, { market: "italy" });
assert.equal((await cl.application_memberships.api_credential(reach.id)).name, "Till");
assert.equal((await cl.application_memberships.membership(reach.id)).id, made[1]);
assert.equal((await cl.memberships.application_memberships(made[1])).length, 1);
assert.equal((await cl.memberships.retrieve(made[1], { include: ["application_memberships"] })).application_memberships[0].id, reach.id);
assert.equal((await cl.application_memberships.update({ id: reach.id, reference: "A-1" })).reference, "A-1");
assert.equal((await cl.application_memberships.list({ include: ["role"], sort: ["-created_at"] }))[0].role.name, "Writer");
await cl.application_memberships.delete(reach.id);
await refused(cl.application_memberships.retrieve(reach.id), 404, "RECORD_NOT_FOUND");
await cl.api_credentials.delete(app.id);
await refused(cl.permissions.create({ ...permission, id: undefined, subject: "Shoe", role: cl.roles.relationship(role.id) }), 422, "VALIDATION_ERROR");
await cl.memberships.delete(made[2]);
await refused(cl.memberships.retrieve(made[2]), 404, "RECORD_NOT_FOUND");
const whole = await cl.organizations.retrieve(PROJECT, { include: ["memberships", "roles"] });
assert.equal(whole.roles.length, 1);
assert.equal(whole.memberships.length, 3);

await cl.organizations.transfer_ownership(PROJECT, { type: "organizations", id: PROJECT, new_owner_email: email });
assert.equal((await cl.memberships.list({ filters: { user_email_eq: email } }))[0].owner, true);

await refused(cl.memberships.list({ filters: { shoe_eq: "x" } }), 400, "FILTER_NOT_ALLOWED");
await refused(cl.user.update({ email: "no address" }), 422, "VALIDATION_ERROR");
await refused(client("none").user.retrieve(), 401, "INVALID_TOKEN");
