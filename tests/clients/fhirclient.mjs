// The server through the SMART client (https://github.com/smart-on-fhir/client-js), as it comes from npm.
import assert from "node:assert/strict";
import fhirclient from "fhirclient";

const { BASE: serverUrl, TOKEN: access_token } = process.env;
const client = fhirclient({}, {}).client({ serverUrl, tokenResponse: { access_token, token_type: "Bearer" } });

const patient = (family, given) => ({ resourceType: "Patient", name: [{ family, given: [given] }] });
const bundle = (type, entry) => client.request({
  url: "/",
  method: "POST",
  headers: { "content-type": "application/fhir+json" },
  body: JSON.stringify({ resourceType: "Bundle", type, entry }),
});

async function refused(call, expected, told) {
  const error = await call.then(() => assert.fail("it was not refused"), (error) => error);
  assert.equal(error.statusCode, expected, error.stack);
  assert.match(error.message, told);
}

async function capabilities() {
  assert.equal(await client.getFhirVersion(), "4.0.1");
  assert.equal(await client.getFhirRelease(), 4);
}

async function lifeOfOne() {
  const created = await client.create(patient("Life", "One"));
  const place = `Patient/${created.id}`;
  assert.deepEqual(await client.request(place), created);
  const updated = await client.update({ ...created, active: true }, { headers: { "if-match": 'W/"1"' } });
  assert.equal(updated.meta.versionId, "2");
  await refused(client.update(created, { headers: { "if-match": 'W/"1"' } }), 412, /version/i);
  const patched = await client.patch(place, [{ op: "replace", path: "/active", value: false }]);
  assert.equal(patched.active, false);
  await refused(client.patch(place, [{ op: "remove", path: "/birthDate" }]), 422, /birthDate/);
  const { body, response } = await client.request({ url: place, includeResponse: true });
  assert.deepEqual(body, patched);
  assert.equal(response.headers.get("etag"), 'W/"3"');
  await client.delete(place);
  await refused(client.request(place), 410, /deleted/i);
  const history = await client.request(`${place}/_history`);
  assert.deepEqual(history.entry.map((entry) => entry.request.method), ["DELETE", "PUT", "PUT", "POST"]);
}

async function pages() {
  const made = [];
  for (let number = 0; number < 23; number += 1) made.push((await client.create(patient("Page", `P${number}`))).id);
  const found = [];
  for await (const resource of client.resources("Patient?family=page&_sort=-given&_count=4")) found.push(resource.id);
  assert.deepEqual([...found].sort(), [...made].sort());
  // All pages, and the links in them, in one call.
  const all = await client.request("Patient?family=page&_count=10", { pageLimit: 0, flat: true });
  assert.deepEqual(all.map((resource) => resource.id).sort(), [...made].sort());
}

async function bundles() {
  const batch = await bundle("batch", [
    { request: { method: "POST", url: "Patient" }, resource: patient("Batch", "A") },
    { request: { method: "DELETE", url: "Patient/none" } },
    { request: { method: "GET", url: "Nonsense" } },
  ]);
  assert.deepEqual(batch.entry.map((entry) => entry.response.status.slice(0, 3)), ["201", "204", "404"]);
  const urn = "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a";
  const done = await bundle("transaction", [
    { request: { method: "POST", url: "Patient" }, resource: { ...patient("Bound", "A"), managingOrganization: { reference: urn } } },
    { fullUrl: urn, request: { method: "POST", url: "Organization" }, resource: { resourceType: "Organization", name: "Of all" } },
  ]);
  assert.equal(done.type, "transaction-response");
  const place = done.entry[0].response.location.match(/Patient\/[^/]+/)[0];
  const resolved = await client.request(place, { resolveReferences: "managingOrganization" });
  assert.equal(resolved.managingOrganization.name, "Of all");
  await refused(
    bundle("transaction", [
      { request: { method: "POST", url: "Patient" }, resource: patient("Never", "A") },
      { request: { method: "PUT", url: "Patient/x" }, resource: { resourceType: "Patient", id: "y" } },
    ]),
    400,
    /id/,
  );
  const found = [];
  for await (const resource of client.resources("Patient?family=never")) found.push(resource);
  assert.deepEqual(found, []);
}

async function conditions() {
  const identified = { ...patient("Once", "A"), identifier: [{ system: "urn:smart", value: "1" }] };
  const headers = { "if-none-exist": "identifier=urn:smart|1" };
  const first = await client.create(identified, { headers, includeResponse: true });
  const second = await client.create(identified, { headers, includeResponse: true });
  assert.deepEqual([first.response.status, second.response.status], [201, 200]);
  assert.equal(second.body.id, first.body.id);
}

async function faults() {
  await refused(client.request("Patient/none"), 404, /none/);
  await refused(client.request("Patient?nonsense=1"), 400, /nonsense/);
  await refused(client.create({ resourceType: "Patient", birthDate: "x" }), 422, /birthDate/);
  const nobody = fhirclient({}, {}).client({ serverUrl });
  await refused(nobody.request("Patient/none"), 401, /token/);
}

for (const scene of [capabilities, lifeOfOne, pages, bundles, conditions, faults]) {
  await scene();
  console.log(scene.name);
}
