// The server through fhir-kit-client (https://github.com/Vermonster/fhir-kit-client), as it comes from npm.
import assert from "node:assert/strict";
import { Client } from "fhir-kit-client";

const { BASE: baseUrl, TOKEN: bearerToken } = process.env;
const client = new Client({ baseUrl, bearerToken });

const patient = (family, given) => ({ resourceType: "Patient", name: [{ family, given: [given] }] });
const status = (answer) => Client.httpFor(answer).response.status;
const header = (answer, name) => Client.httpFor(answer).response.headers.get(name);

// What was refused must say so in an OperationOutcome that the client hands on.
async function refused(call, expected, code) {
  const error = await call.then(() => assert.fail("it was not refused"), (error) => error);
  assert.equal(error.response?.status, expected, error.stack);
  assert.equal(error.response.data.resourceType, "OperationOutcome");
  assert.equal(error.response.data.issue[0].code, code);
}

async function capabilities() {
  const statement = await new Client({ baseUrl }).capabilityStatement();
  assert.equal(statement.fhirVersion, "4.0.1");
  assert.ok(statement.rest[0].resource.some((resource) => resource.type === "Patient"));
}

async function lifeOfOne() {
  const created = await client.create({ resourceType: "Patient", body: patient("Life", "One") });
  assert.equal(status(created), 201);
  assert.equal(header(created, "location"), `${baseUrl}/Patient/${created.id}/_history/1`);
  assert.equal(header(created, "etag"), 'W/"1"');

  const place = { resourceType: "Patient", id: created.id };
  assert.deepEqual(await client.read(place), created);
  const updated = await client.update({
    ...place,
    body: { ...created, active: true },
    options: { headers: { "If-Match": 'W/"1"' } },
  });
  assert.equal(updated.meta.versionId, "2");
  await refused(
    client.update({ ...place, body: created, options: { headers: { "If-Match": 'W/"1"' } } }),
    412,
    "conflict",
  );
  const patched = await client.patch({
    ...place,
    jsonPatch: [
      { op: "test", path: "/active", value: true },
      { op: "add", path: "/birthDate", value: "1980-02-29" },
    ],
  });
  assert.equal(patched.birthDate, "1980-02-29");
  await refused(
    client.patch({ ...place, jsonPatch: [{ op: "test", path: "/active", value: false }] }),
    422,
    "processing",
  );

  const first = await client.vread({ ...place, version: "1" });
  assert.deepEqual(first, created);
  await client.delete(place);
  await refused(client.read(place), 410, "deleted");
  const history = await client.history(place);
  assert.deepEqual(history.entry.map((entry) => entry.request.method), ["DELETE", "PUT", "PUT", "POST"]);
  assert.ok((await client.history({ resourceType: "Patient" })).entry.length >= 4);
  assert.equal((await client.history()).type, "history");
}

async function pages() {
  const made = [];
  for (let number = 0; number < 23; number += 1) {
    made.push((await client.create({ resourceType: "Patient", body: patient("Page", `P${number}`) })).id);
  }
  for (const postSearch of [false, true]) {
    const searchParams = { family: "page", _sort: "given", _count: 5, _total: "accurate" };
    let page = await client.search({ resourceType: "Patient", searchParams, options: { postSearch } });
    assert.equal(page.total, 23);
    const found = [];
    const before = [];
    while (page) {
      assert.ok(page.entry.length <= 5);
      found.push(...page.entry.map((entry) => entry.resource.id));
      before.unshift(page.entry.map((entry) => entry.resource.id));
      const next = client.nextPage({ bundle: page });
      if (!next) break;
      page = await next;
    }
    assert.deepEqual([...found].sort(), [...made].sort());
    const last = client.prevPage({ bundle: page });
    assert.deepEqual((await last).entry.map((entry) => entry.resource.id), before[1]);
  }
  const nobody = await client.search({ resourceType: "Patient", searchParams: { family: "nobody" } });
  assert.equal(nobody.entry?.length ?? 0, 0);
}

async function bundles() {
  const batch = await client.batch({
    body: {
      resourceType: "Bundle",
      type: "batch",
      entry: [
        { request: { method: "POST", url: "Patient" }, resource: patient("Batch", "A") },
        { request: { method: "GET", url: "Patient/none" } },
        { request: { method: "GET", url: "Patient?family=batch" } },
      ],
    },
  });
  assert.equal(batch.type, "batch-response");
  assert.deepEqual(batch.entry.map((entry) => entry.response.status.slice(0, 3)), ["201", "404", "200"]);

  const urn = "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a";
  const parts = [
    { fullUrl: urn, request: { method: "POST", url: "Organization" }, resource: { resourceType: "Organization", name: "Of all" } },
    {
      request: { method: "POST", url: "Patient" },
      resource: { ...patient("Bound", "A"), managingOrganization: { reference: urn } },
    },
  ];
  const body = { resourceType: "Bundle", type: "transaction", entry: parts };
  const done = await client.transaction({ body });
  assert.equal(done.type, "transaction-response");
  const [organization] = done.entry[0].response.location.match(/Organization\/[^/]+/);
  const searchParams = { organization };
  const bound = await client.search({ resourceType: "Patient", searchParams });
  assert.equal(bound.entry[0].resource.managingOrganization.reference, organization);
  // The client follows the link itself.
  const resolved = await client.resolve({ reference: organization });
  assert.equal(resolved.name, "Of all");

  const broken = { ...body, entry: [...parts, { request: { method: "POST", url: "Patient" }, resource: { resourceType: "Patient", gender: "x" } }] };
  await refused(client.transaction({ body: broken }), 422, "code-invalid");
  assert.equal((await client.search({ resourceType: "Patient", searchParams: { family: "bound", _total: "accurate" } })).total, 1);
}

async function conditions() {
  const identified = { ...patient("Once", "A"), identifier: [{ system: "urn:kit", value: "1" }] };
  const options = { headers: { "If-None-Exist": "identifier=urn:kit|1" } };
  const first = await client.create({ resourceType: "Patient", body: identified, options });
  const second = await client.create({ resourceType: "Patient", body: identified, options });
  assert.deepEqual([status(first), status(second)], [201, 200]);
  assert.equal(second.id, first.id);
  const searchParams = { identifier: "urn:kit|1" };
  const updated = await client.update({ resourceType: "Patient", searchParams, body: { ...identified, active: false } });
  assert.deepEqual([updated.id, updated.active], [first.id, false]);
}

async function faults() {
  await refused(client.read({ resourceType: "Patient", id: "none" }), 404, "not-found");
  await refused(client.search({ resourceType: "Patient", searchParams: { nonsense: "1" } }), 400, "not-supported");
  await refused(client.create({ resourceType: "Patient", body: { resourceType: "Patient", birthDate: "x" } }), 422, "value");
  const nobody = new Client({ baseUrl });
  await refused(nobody.read({ resourceType: "Patient", id: "none" }), 401, "login");
  const outcome = await client.operation({
    name: "validate",
    resourceType: "Patient",
    input: { resourceType: "Patient", birthDate: "x" },
  });
  assert.equal(outcome.issue[0].severity, "error");
}

for (const scene of [capabilities, lifeOfOne, pages, bundles, conditions, faults]) {
  await scene();
  console.log(scene.name);
}
