// The server through @workos-inc/node (https://github.com/workos/workos-node), as it comes from npm.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { WorkOS } from "@workos-inc/node";

const { BASE, API_KEY } = process.env;
const CLIENT_ID = API_KEY.split("_")[1];
const origin = new URL(new URL(BASE).origin);
const workos = new WorkOS(API_KEY, {
  clientId: CLIENT_ID, apiHostname: origin.hostname, port: Number(origin.port), https: origin.protocol === "https:",
});
const people = workos.userManagement;
const password = "plum violin 77 harbour";
const refused = (status, code) => (error) => {
  assert.equal(error.status, status, `${error.status} ${error.message} ${JSON.stringify(error)}`);
  if (code) assert.ok([error.code, error.rawData?.code, error.error].includes(code), JSON.stringify(error));
  return true;
};

// Users.
const ada = await people.createUser({
  email: "Ada@Example.com", firstName: "Ada", lastName: "Lovelace", password, emailVerified: true,
  externalId: "emp-1", metadata: { team: "engines", shoe: "39" },
});
assert.match(ada.id, /^user_[0-9A-HJKMNP-TV-Z]{26}$/);
assert.equal(ada.email, "ada@example.com");
assert.equal(ada.lastSignInAt, null);
assert.deepEqual(ada.metadata, { team: "engines", shoe: "39" });
assert.deepEqual(await people.getUser(ada.id), ada);
assert.deepEqual(await people.getUserByExternalId("emp-1"), ada);
const changed = await people.updateUser({ userId: ada.id, lastName: "King", metadata: { shoe: null, desk: "4" }, locale: "en-GB" });
assert.equal(changed.lastName, "King");
assert.equal(changed.locale, "en-GB");
assert.deepEqual(changed.metadata, { team: "engines", desk: "4" });
await assert.rejects(people.createUser({ email: "ada@example.com" }), refused(400, "user_creation_error"));
await assert.rejects(people.createUser({ email: "weak@example.com", password: "password1" }), refused(400, "password_strength_error"));
await assert.rejects(people.getUser("user_01H7WRJBPAAHX1BYRQHEK7QC4A"), refused(404));
const many = [];
for (let number = 0; number < 12; number += 1) many.push(await people.createUser({ email: `many${number}@example.com` }));
const page = await people.listUsers({ limit: 5 });
assert.equal(page.data.length, 5);
assert.equal(page.data[0].id, many[11].id);
const after = await people.listUsers({ limit: 5, after: page.listMetadata.after });
assert.deepEqual(after.data.map((user) => user.id), many.slice(2, 7).reverse().map((user) => user.id));
const before = await people.listUsers({ limit: 5, before: after.listMetadata.before });
assert.deepEqual(before.data.map((user) => user.id), page.data.map((user) => user.id));
assert.ok((await (await people.listUsers()).autoPagination()).length >= 13);
assert.equal((await people.listUsers({ order: "asc", limit: 100, email: "many3@example.com" })).data[0].id, many[3].id);
await people.deleteUser(many[0].id);
await assert.rejects(people.getUser(many[0].id), refused(404));
assert.deepEqual(await people.getUserIdentities(ada.id), []);

// Organizations and their domains.
const acme = await workos.organizations.createOrganization({
  name: "Acme", domainData: [{ domain: "acme.example", state: "verified" }], externalId: "acme", metadata: { tier: "gold" },
});
assert.equal(acme.domains[0].domain, "acme.example");
assert.deepEqual(await workos.organizations.getOrganization(acme.id), acme);
assert.deepEqual(await workos.organizations.getOrganizationByExternalId("acme"), acme);
const renamed = await workos.organizations.updateOrganization({ organization: acme.id, name: "Acme & Sons" });
assert.equal(renamed.name, "Acme & Sons");
assert.equal(renamed.externalId, "acme");
const other = await workos.organizations.createOrganization({ name: "Other" });
const listed = await workos.organizations.listOrganizations();
assert.deepEqual(listed.data.map((one) => one.id), [other.id, acme.id]);
assert.deepEqual((await workos.organizations.listOrganizations({ domains: ["acme.example"] })).data.map((one) => one.id), [acme.id]);
const domain = await workos.organizationDomains.create({ organizationId: other.id, domain: "other.example" });
assert.equal((await workos.organizationDomains.get(domain.id)).state, "pending");
await assert.rejects(workos.organizationDomains.create({ organizationId: other.id, domain: "acme.example" }), refused(400, "domain_already_used"));
assert.equal((await workos.organizationDomains.verify(domain.id)).state, "pending");
await workos.organizationDomains.delete(domain.id);
const gone = await workos.organizations.createOrganization({ name: "Gone" });
await workos.organizations.deleteOrganization(gone.id);
await assert.rejects(workos.organizations.getOrganization(gone.id), refused(404));

// Permissions and roles.
const permission = await workos.authorization.createPermission({ slug: "engines:run", name: "Run engines" });
assert.equal(permission.slug, "engines:run");
assert.equal((await workos.authorization.listPermissions()).data.length, 1);
assert.equal((await workos.authorization.getPermission("engines:run")).name, "Run engines");
assert.equal((await workos.authorization.updatePermission("engines:run", { name: "Run them" })).name, "Run them");
await workos.authorization.createPermission({ slug: "engines:stop", name: "Stop engines" });
await workos.authorization.createEnvironmentRole({ slug: "engineer", name: "Engineer" });
assert.equal((await workos.authorization.getEnvironmentRole("engineer")).name, "Engineer");
assert.equal((await workos.authorization.updateEnvironmentRole("engineer", { description: "Runs engines" })).description, "Runs engines");
await workos.authorization.setEnvironmentRolePermissions("engineer", { permissions: ["engines:run"] });
const engineer = await workos.authorization.addEnvironmentRolePermission("engineer", { permissionSlug: "engines:stop" });
assert.deepEqual(engineer.permissions, ["engines:run", "engines:stop"]);
assert.ok((await workos.authorization.listEnvironmentRoles()).data.some((role) => role.slug === "engineer"));
const own = await workos.authorization.createOrganizationRole(acme.id, { slug: "org-boss", name: "Boss" });
assert.equal(own.type, "OrganizationRole");
assert.equal((await workos.authorization.getOrganizationRole(acme.id, "org-boss")).name, "Boss");
assert.equal((await workos.authorization.updateOrganizationRole(acme.id, "org-boss", { name: "The boss" })).name, "The boss");
await workos.authorization.setOrganizationRolePermissions(acme.id, "org-boss", { permissions: ["engines:stop"] });
await workos.authorization.addOrganizationRolePermission(acme.id, "org-boss", { permissionSlug: "engines:run" });
await workos.authorization.removeOrganizationRolePermission(acme.id, "org-boss", { permissionSlug: "engines:run" });
assert.deepEqual((await workos.authorization.getOrganizationRole(acme.id, "org-boss")).permissions, ["engines:stop"]);
assert.equal((await workos.authorization.listOrganizationRoles(acme.id)).data.length, 2);
assert.equal((await workos.organizations.listOrganizationRoles({ organizationId: acme.id })).data.length, 2);

// Memberships.
const membership = await people.createOrganizationMembership({ userId: ada.id, organizationId: acme.id, roleSlug: "engineer" });
assert.equal(membership.role.slug, "engineer");
assert.equal(membership.status, "active");
assert.equal((await people.getOrganizationMembership(membership.id)).organizationName, "Acme & Sons");
await assert.rejects(people.createOrganizationMembership({ userId: ada.id, organizationId: acme.id }), refused(400));
assert.equal((await people.updateOrganizationMembership(membership.id, { roleSlug: "org-boss" })).role.slug, "org-boss");
assert.deepEqual((await people.listOrganizationMemberships({ userId: ada.id })).data.map((one) => one.id), [membership.id]);
assert.equal((await people.deactivateOrganizationMembership(membership.id)).status, "inactive");
assert.equal((await people.listOrganizationMemberships({ organizationId: acme.id })).data.length, 0);
assert.equal((await people.listOrganizationMemberships({ organizationId: acme.id, statuses: ["active", "inactive"] })).data.length, 1);
assert.equal((await people.reactivateOrganizationMembership(membership.id)).status, "active");
assert.deepEqual((await people.listUsers({ organizationId: acme.id })).data.map((user) => user.id), [ada.id]);

// Signing in: one organization, several, none.
const origins = { ipAddress: "192.0.2.7", userAgent: "A browser" };
const session = await people.authenticateWithPassword({ clientId: CLIENT_ID, email: "ada@example.com", password, ...origins });
assert.equal(session.user.id, ada.id);
assert.equal(session.organizationId, acme.id);
assert.equal(session.authenticationMethod, "Password");
const { createRemoteJWKSet, jwtVerify } = await import("jose");
const keys = createRemoteJWKSet(new URL(people.getJwksUrl(CLIENT_ID)));
const { payload, protectedHeader } = await jwtVerify(session.accessToken, keys);
assert.equal(protectedHeader.alg, "RS256");
assert.equal(payload.sub, ada.id);
assert.equal(payload.org_id, acme.id);
assert.equal(payload.role, "org-boss");
assert.deepEqual(payload.permissions, ["engines:stop"]);
await assert.rejects(people.authenticateWithPassword({ clientId: CLIENT_ID, email: "ada@example.com", password: "wrong" }), refused(400, "invalid_credentials"));
const again = await people.authenticateWithRefreshToken({ clientId: CLIENT_ID, refreshToken: session.refreshToken });
assert.notEqual(again.refreshToken, session.refreshToken);
assert.equal((await jwtVerify(again.accessToken, keys)).payload.sid, payload.sid);
await people.createOrganizationMembership({ userId: ada.id, organizationId: other.id });
const several = await people.authenticateWithPassword({ clientId: CLIENT_ID, email: "ada@example.com", password }).catch((error) => error);
assert.equal(several.status, 403);
assert.equal(several.rawData.code, "organization_selection_required");
assert.equal(several.rawData.organizations.length, 2);
const selected = await people.authenticateWithOrganizationSelection({
  clientId: CLIENT_ID, organizationId: other.id, pendingAuthenticationToken: several.rawData.pending_authentication_token,
});
assert.equal(selected.organizationId, other.id);
const switched = await people.authenticateWithRefreshToken({ clientId: CLIENT_ID, refreshToken: selected.refreshToken, organizationId: acme.id });
assert.equal(switched.organizationId, acme.id);
const sessions = await people.listSessions(ada.id);
assert.equal(sessions.data.length, 2);
assert.equal(sessions.data[1].ipAddress, "192.0.2.7");
assert.equal(sessions.data[1].status, "active");
await people.revokeSession({ sessionId: sessions.data[0].id });
assert.equal((await people.listSessions(ada.id)).data.length, 1);
await assert.rejects(people.authenticateWithRefreshToken({ clientId: CLIENT_ID, refreshToken: switched.refreshToken }), refused(400, "invalid_grant"));
assert.ok((await people.getUser(ada.id)).lastSignInAt);
const left = await fetch(people.getLogoutUrl({ sessionId: sessions.data[1].id }), { redirect: "manual" });
assert.equal(left.status, 303);
assert.equal((await people.listSessions(ada.id)).data.length, 0);

// By a code in the mail, for somebody who is new.
const magic = await people.createMagicAuth({ email: "grace@example.com" });
assert.match(magic.code, /^[0-9]{6}$/);
assert.equal((await people.getMagicAuth(magic.id)).code, magic.code);
await assert.rejects(people.authenticateWithMagicAuth({ clientId: CLIENT_ID, email: "grace@example.com", code: magic.code === "000000" ? "111111" : "000000" }), refused(400, "invalid_one_time_code"));
const grace = await people.authenticateWithMagicAuth({ clientId: CLIENT_ID, email: "grace@example.com", code: magic.code });
assert.equal(grace.authenticationMethod, "MagicAuth");
assert.equal(grace.user.emailVerified, true);
assert.equal(grace.organizationId, undefined);
await assert.rejects(people.authenticateWithMagicAuth({ clientId: CLIENT_ID, email: "grace@example.com", code: magic.code }), refused(400, "one_time_code_previously_used"));

// E-mail and password.
const linus = await people.createUser({ email: "linus@example.com", password });
await people.sendVerificationEmail({ userId: linus.id });
await assert.rejects(people.verifyEmail({ userId: linus.id, code: "x" }), refused(400, "email_verification_code_incorrect"));
const reset = await people.createPasswordReset({ email: "linus@example.com" });
assert.equal((await people.getPasswordReset(reset.id)).passwordResetToken, reset.passwordResetToken);
await assert.rejects(people.resetPassword({ token: reset.passwordResetToken, newPassword: "password1" }), refused(400, "password_strength_error"));
const renewed = await people.resetPassword({ token: reset.passwordResetToken, newPassword: "orange tuba 41 meadow" });
assert.equal(renewed.user.emailVerified, true);
await assert.rejects(people.resetPassword({ token: reset.passwordResetToken, newPassword: "orange tuba 42 meadow" }), refused(400, "password_reset_error"));
await people.authenticateWithPassword({ clientId: CLIENT_ID, email: "linus@example.com", password: "orange tuba 41 meadow" });
await assert.rejects(people.sendVerificationEmail({ userId: linus.id }), refused(400, "email_already_verified"));

// A second factor.
const totp = async (secret, later = 0) => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((char) => alphabet.indexOf(char).toString(2).padStart(5, "0")).join("");
  const key = Uint8Array.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(Math.floor(Date.now() / 30000) + later));
  const hmac = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-1" }, false, ["sign"]);
  const mac = new DataView(await crypto.subtle.sign("HMAC", hmac, counter.buffer));
  return String((mac.getUint32(mac.getUint8(19) & 15) & 0x7fffffff) % 1000000).padStart(6, "0");
};
const enrolled = await people.enrollAuthFactor({ userId: linus.id, type: "totp", totpIssuer: "Acme", totpUser: "linus" });
const secret = enrolled.authenticationFactor.totp.secret;
assert.ok(enrolled.authenticationFactor.totp.qrCode.startsWith("data:image/"));
const wrongly = await workos.mfa.verifyChallenge({ authenticationChallengeId: enrolled.authenticationChallenge.id, code: "12345" });
assert.equal(wrongly.valid, false);
const verified = await workos.mfa.verifyChallenge({ authenticationChallengeId: enrolled.authenticationChallenge.id, code: await totp(secret) });
assert.equal(verified.valid, true);
const factors = await people.listAuthFactors({ userId: linus.id });
assert.equal(factors.data[0].id, enrolled.authenticationFactor.id);
assert.equal(factors.data[0].totp.secret, undefined);
assert.equal((await workos.mfa.getFactor(factors.data[0].id)).id, factors.data[0].id);
const asked = await people.authenticateWithPassword({ clientId: CLIENT_ID, email: "linus@example.com", password: "orange tuba 41 meadow" }).catch((error) => error);
assert.equal(asked.rawData.code, "mfa_challenge");
const challenge = await workos.mfa.challengeFactor({ authenticationFactorId: asked.rawData.authentication_factors[0].id });
const proved = await people.authenticateWithTotp({
  clientId: CLIENT_ID, code: await totp(secret, 1), pendingAuthenticationToken: asked.rawData.pending_authentication_token, authenticationChallengeId: challenge.id,
});
assert.equal(proved.user.id, linus.id);
await workos.mfa.deleteFactor(factors.data[0].id);
assert.equal((await people.listAuthFactors({ userId: linus.id })).data.length, 0);

// Invitations.
const invitation = await people.sendInvitation({ email: "mary@example.com", organizationId: acme.id, roleSlug: "engineer", expiresInDays: 3, inviterUserId: ada.id });
assert.equal(invitation.state, "pending");
assert.equal((await people.getInvitation(invitation.id)).token, invitation.token);
assert.equal((await people.findInvitationByToken(invitation.token)).id, invitation.id);
assert.equal((await people.listInvitations({ organizationId: acme.id })).data.length, 1);
await assert.rejects(people.sendInvitation({ email: "mary@example.com", organizationId: acme.id }), refused(400, "email_already_invited_to_organization"));
assert.equal((await people.resendInvitation(invitation.id)).state, "pending");
await people.createUser({ email: "mary@example.com", password });
const mary = await people.authenticateWithPassword({ clientId: CLIENT_ID, email: "mary@example.com", password, invitationToken: invitation.token });
assert.equal(mary.organizationId, acme.id);
assert.equal((await people.getInvitation(invitation.id)).state, "accepted");
assert.equal((await people.getInvitation(invitation.id)).acceptedUserId, mary.user.id);
const taken = await people.sendInvitation({ email: "joan@example.com" });
assert.equal((await people.revokeInvitation(taken.id)).state, "revoked");
await assert.rejects(people.acceptInvitation(taken.id), refused(400, "invite_not_pending"));
const joan = await people.acceptInvitation((await people.sendInvitation({ email: "joan@example.com", organizationId: other.id })).id);
assert.equal(joan.state, "accepted");

// Events.
const events = await workos.events.listEvents({ events: ["user.created", "organization_membership.created"], limit: 100 });
assert.ok(events.data.some((event) => event.event === "user.created" && event.data.id === ada.id));
assert.ok(events.data.some((event) => event.event === "organization_membership.created" && event.data.id === membership.id));

// The same, delivered: what arrives is proved by the SDK.
const heard = [];
let wake = () => {};
const receiver = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => { body += chunk; });
  request.on("end", () => {
    heard.push({ body, signature: request.headers["workos-signature"] });
    response.writeHead(204).end();
    wake();
  });
});
await new Promise((done) => receiver.listen(0, "127.0.0.1", done));
const { data: endpoint } = await workos.post("/webhook_endpoints", {
  endpoint_url: `http://127.0.0.1:${receiver.address().port}/hooks`, events: ["user.created"],
});
assert.match(endpoint.id, /^we_[0-9A-HJKMNP-TV-Z]{26}$/);
// It is at work a moment later; who comes before that is not told of.
let guests = 0;
while (heard.length === 0) {
  const arrived = new Promise((done) => { wake = () => done(); });
  await people.createUser({ email: `guest${(guests += 1)}@example.com` });
  await Promise.race([arrived, new Promise((done) => setTimeout(done, 200))]);
}
const [{ body: delivered, signature: sigHeader }] = heard;
const arrival = await workos.webhooks.constructEvent({ payload: JSON.parse(delivered), sigHeader, secret: endpoint.secret });
assert.equal(arrival.event, "user.created");
assert.match(arrival.data.email, /^guest\d+@example\.com$/);
await assert.rejects(workos.webhooks.constructEvent({ payload: JSON.parse(delivered), sigHeader, secret: "another" }));
await workos.delete(`/webhook_endpoints/${endpoint.id}`);
receiver.close();
receiver.closeAllConnections();
