// The server through Axway's own SDK (https://www.npmjs.com/package/@axway/amplify-sdk), as it comes from npm: every call
// that it has of what the server offers. Each user that it shows is held to the schema of one (SCHEMA), and each call of
// the SDK is counted: one that is not driven here fails the script.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createRequire } from "node:module";

const { AmplifySDK } = createRequire(`${process.cwd()}/`)("@axway/amplify-sdk");
const { ORIGIN, OWNER, PROJECT, KEY, SCHEMA, BELOW } = process.env;
const sdk = new AmplifySDK({ baseUrl: ORIGIN, platformUrl: ORIGIN, realm: "Broker", clientId: "test", tokenStoreType: "memory" });

// What of the SDK is no call of the server: of a browser, of the token store, of usage that is not metered here.
const ELSEWHERE = new Set([
  "auth.find", "auth.list", "auth.login", "auth.logout", "auth.serverInfo", "auth.switchOrg", "auth.timeout", "auth.loadSession",
  "client.resolveClient", "client.resolveTeams", "client.resolveType", "entitlement.find", "org.environments", "org.family", "org.usage",
]);
const called = new Map();
function count(part, name) {
  for (const [key, value] of Object.entries(part)) {
    const path = name ? `${name}.${key}` : key;
    if (typeof value === "function") {
      part[key] = (...given) => {
        called.set(path, (called.get(path) ?? 0) + 1);
        return value.apply(part, given);
      };
      if (!ELSEWHERE.has(path)) called.set(path, 0);
    } else {
      count(value, path);
    }
  }
}
for (const part of ["auth", "client", "entitlement", "org", "role", "team", "user"]) count(sdk[part], part);
// What loads a session keeps it, too; there is nothing to keep it in.
sdk.authClient.updateAccount = async () => {};

const users = [];
async function api(method, path, body, headers = {}, token = OWNER) {
  const response = await fetch(`${ORIGIN}/api/v1${path}`, {
    method,
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body && { "content-type": "application/json" }), ...headers },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, cookies: response.headers.getSetCookie(), ...(text && JSON.parse(text)) };
}
const see = (user) => (users.push(user), user);
async function refused(call, told) {
  const error = await call.then(() => assert.fail("it was not refused"), (error) => error);
  assert.match(error.message, told, error.stack);
}
const account = (token) => ({ name: "test", hash: "test", auth: { env: "prod", tokens: { access_token: token } }, org: {}, user: {} });

// Who is signed in, and where.
const own = await sdk.auth.findSession(account(OWNER));
assert.equal(own.isPlatform, true);
assert.equal(own.org.guid, PROJECT);
assert.equal(typeof own.org.id, "number");
assert.deepEqual([own.role, own.roles], ["administrator", ["administrator"]]);
assert.deepEqual(own.orgs.map((org) => org.guid).sort(), [PROJECT, BELOW].sort());
const session = (await api("GET", "/auth/findSession")).result;
assert.equal(session.user.guid, own.user.guid);
see(session.user);

// Organizations.
assert.deepEqual((await sdk.org.list(own, PROJECT)).filter((org) => org.default).map((org) => org.guid), [PROJECT]);
for (const name of [PROJECT, own.org.id, String(own.org.id), own.org.name]) {
  const org = await sdk.org.find(own, name);
  assert.deepEqual([org.guid, org.userRoles, org.seats], [PROJECT, ["administrator"], null]);
}
const renamed = await sdk.org.rename(own, PROJECT, "Axway Clinic");
assert.equal(renamed.name, "Axway Clinic");
own.org.name = "Axway Clinic";
assert.equal((await sdk.org.find(own, PROJECT)).name, "Axway Clinic");
await refused(sdk.org.rename(own, PROJECT, "x"), /2 to 64 characters \(400\)/);

// Roles.
const roles = await sdk.role.list(own, { org: PROJECT });
assert.deepEqual(roles.map((role) => role.id), ["administrator", "consumer", "developer"]);
assert.ok((await sdk.role.list(own, { team: true, org: PROJECT })).some((role) => role.id === "catalog_manager"));
assert.deepEqual(await sdk.role.resolve(own, ["Developer,administrator"], { org: PROJECT }), ["developer", "administrator"]);
await refused(sdk.role.resolve(own, ["pirate"], { org: PROJECT }), /Invalid role/);

// Members: invited, found, changed.
const email = `ada.${randomUUID()}@example.com`;
const { user: ada } = await sdk.org.user.add(own, PROJECT, email, ["developer"]);
assert.deepEqual([ada.email, ada.activated, ada.roles], [email, false, ["developer"]]);
assert.equal(typeof ada.user_id, "number");
await refused(sdk.org.user.add(own, PROJECT, email, ["developer"]), /already a member.*\(409\)/);
assert.equal((await sdk.org.user.find(own, PROJECT, email.toUpperCase())).guid, ada.guid);
const listed = await sdk.org.user.list(own, PROJECT);
assert.ok(listed.users.some((user) => user.client_id) && listed.users.some((user) => user.guid === ada.guid));
const changed = await sdk.org.user.update(own, PROJECT, email, ["administrator", "developer"]);
assert.deepEqual(changed.user.roles, ["administrator", "developer"]);

// Users, by every id that they have.
for (const name of [email, ada.guid, String(ada.user_id)]) {
  const found = see(await sdk.user.find(own, name));
  assert.deepEqual([found.guid, found.user_id, typeof found.invited], [ada.guid, ada.user_id, "string"], name);
}
await refused(sdk.user.find(own, "nobody@example.com"), /not found/);
const { user: me } = await sdk.user.update(own, { firstname: "Olga", lastname: "Owner", phone: "+49 1" });
assert.deepEqual([me.firstname, me.lastname], ["Olga", "Owner"]);

// Teams.
const { team } = await sdk.team.create(own, PROJECT, "Ward one", { desc: "day shift", tags: ["night,day"], default: true });
assert.deepEqual([team.name, team.desc, team.tags, team.default], ["Ward one", "day shift", ["night", "day"], true]);
assert.equal((await sdk.team.find(own, PROJECT, "ward ONE")).team.guid, team.guid);
const joined = await sdk.team.user.add(own, PROJECT, team.guid, email, ["developer"]);
assert.deepEqual(joined.team.users, [{ guid: ada.guid, type: "user", roles: ["developer"] }]);
await refused(sdk.team.user.add(own, PROJECT, team.guid, email, ["pirate"]), /Invalid role/);
const updated = await sdk.team.user.update(own, PROJECT, team.guid, email, ["consumer", "insights"]);
assert.deepEqual(updated.user.roles, ["consumer", "insights"]);
assert.equal((await sdk.team.user.find(own, PROJECT, team.guid, email)).user.guid, ada.guid);
assert.equal((await sdk.team.list(own, PROJECT, ada.guid)).teams.length, 1);
const other = (await sdk.team.update(own, PROJECT, "Ward one", { name: "Ward two", desc: "", default: false })).team;
assert.deepEqual([other.name, other.desc, other.default], ["Ward two", "", false]);

// Service accounts: by a secret, by a key, by one that is made here.
const secret = "a secret that nobody guesses";
const { client } = await sdk.client.create(own, PROJECT, {
  name: "Backend", desc: "nightly", secret, roles: ["developer"], teams: [{ guid: team.guid, roles: ["api_access"] }],
});
assert.deepEqual([client.name, client.type, client.roles, client.secret], ["Backend", "secret", ["developer"], undefined]);
const pair = await sdk.client.generateKeyPair();
const signing = await sdk.client.create(own, PROJECT, { name: "Signer", publicKey: pair.publicKey });
assert.equal(signing.client.type, "certificate");
const told = await fetch(`${ORIGIN}/api/v1/client/${signing.client.client_id}/json`, { headers: { authorization: `Bearer ${OWNER}` } });
assert.equal((await told.json()).publicKey.replace(/\s/g, ""), pair.publicKey.replace(/\s/g, ""));
const backend = await sdk.client.find(own, PROJECT, "Backend");
assert.deepEqual([backend.client.description, backend.client.teams.map((one) => one.roles)], ["nightly", [["api_access"]]]);
assert.equal((await sdk.client.list(own, PROJECT)).clients.length, 4);
assert.equal((await sdk.team.user.list(own, PROJECT, "Ward two")).users.length, 2);
await sdk.client.update(own, PROJECT, { client: "Backend", name: "Backstage", secret: `${secret}, twice`, roles: [], teams: [] });
const grant = (id, with_) => fetch(`${ORIGIN}/oauth2/token`, {
  method: "POST", body: new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: with_ }),
});
assert.equal((await grant(client.client_id, `${secret}, twice`)).status, 200);
assert.equal((await sdk.client.find(own, PROJECT, "Backstage")).client.teams.length, 0);
const next = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "pem" });
await sdk.client.update(own, PROJECT, { client: "Signer", publicKey: next });
await sdk.client.remove(own, PROJECT, "Signer");
await refused(sdk.client.find(own, PROJECT, "Signer"), /not found/);

// The organization below: its admin is the one above.
const branch = await sdk.org.find(own, BELOW);
const branched = await sdk.org.user.add(own, BELOW, `bo.${randomUUID()}@example.com`, ["developer"]);
assert.deepEqual([branched.user.org_id, branched.user.roles], [branch.id, ["developer"]]);
assert.deepEqual((await sdk.org.user.list(own, BELOW)).users.filter((user) => !user.client_id).map((user) => user.guid), [branched.user.guid]);
assert.ok(!(await sdk.org.user.list(own, PROJECT)).users.some((user) => user.guid === branched.user.guid));
const { team: away } = await sdk.team.create(own, BELOW, "Away");
assert.equal((await sdk.team.user.add(own, BELOW, "Away", branched.user.email, ["developer"])).team.guid, away.guid);
see(await sdk.user.find(own, branched.user.guid));

// What people say of themselves.
assert.equal((await api("PUT", "/user/pref", { pref: "theme", value: "dark" })).status, 204);
assert.equal((await api("PUT", "/auth/terms")).status, 200);
const full = see((await api("PUT", `/user/profile/${own.user.guid}`, {
  locale: "fr-FR", timezone: "Europe/Paris", login_org: "default", default_org: own.org.id,
})).result);
assert.deepEqual(
  [full.prefs, full.locale, full.timezone, full.login_org, full.default_org, typeof full.terms_updated],
  [{ theme: "dark" }, "fr-FR", "Europe/Paris", "default", own.org.id, "string"],
);

// What happened.
const { events } = await sdk.org.activity(own, PROJECT, {});
for (const name of ["platform.org.user.add", "platform.org.user.role.update", "platform.client.create", "platform.client.remove"]) {
  assert.ok(events.some((event) => event.event === name), name);
}
assert.ok(events.every((event) => typeof event.timestamp === "number" && event.version === 4));
const mine = await sdk.user.activity(own, {});
assert.ok(mine.events.length && mine.events.every((event) => event.user_guid === own.user.guid));

// Out of teams and organizations.
await sdk.team.user.remove(own, PROJECT, team.guid, email);
assert.equal((await sdk.team.user.list(own, PROJECT, team.guid)).users.length, 0);
await sdk.team.remove(own, PROJECT, team.guid);
await refused(sdk.team.find(own, PROJECT, team.guid), /Unable to find team/);
await sdk.org.user.remove(own, PROJECT, email);
await refused(sdk.org.user.remove(own, PROJECT, email), /Unable to find the user/);
await refused(sdk.user.find(own, ada.guid), /not found/);

// A service account finds no session, and is one nonetheless.
assert.equal((await api("GET", "/auth/findSession", null, {}, KEY)).result, null);
(await api("GET", "/user?limit=100", null, {}, KEY)).result.forEach(see);
const key = { ...account(KEY), isPlatform: true, org: own.org, orgs: own.orgs };
assert.equal((await sdk.org.user.list(key, PROJECT)).org.guid, PROJECT);
await refused(sdk.org.user.list(account("nonsense"), PROJECT), /platform account/);
await refused(sdk.request("/api/v1/org/1", account("nonsense"), { errorMsg: "no" }), /no: .*\(401\)/);

// Every user that was shown is one by the platform's own schema.
assert.ok(users.length > 7, `${users.length} users`);
const check = `
import json, sys
from jsonschema import Draft202012Validator, FormatChecker
schema = json.load(open(sys.argv[1]))
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema, format_checker=FormatChecker())
wrong = [(user["guid"], error.message) for user in json.load(sys.stdin) for error in validator.iter_errors(user)]
# What is one too many has to be noticed.
assert list(validator.iter_errors({"surprise": 1})), "the schema lets everything through"
sys.exit(str(wrong) if wrong else 0)
`;
const checked = spawnSync("python/bin/python", ["-c", check, SCHEMA], { input: JSON.stringify(users) });
assert.equal(checked.status, 0, checked.stderr?.toString());

const idle = [...called].filter(([, times]) => times === 0).map(([name]) => name);
assert.deepEqual(idle, [], "calls that were never made");
const driven = [...called].filter(([name]) => !ELSEWHERE.has(name));
console.log(`${driven.length} calls of the SDK, ${driven.reduce((sum, [, times]) => sum + times, 0)} times; ${users.length} users held to the schema`);
