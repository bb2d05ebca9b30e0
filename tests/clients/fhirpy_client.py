"""The server through fhirpy (https://github.com/beda-software/fhir-py), as it comes from PyPI."""

import os

from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import (
    AuthorizationError,
    MultipleResourcesFound,
    OperationOutcome,
    ResourceNotFound,
)

BASE = os.environ["BASE"]
BEARER = f"Bearer {os.environ['TOKEN']}"

client = SyncFHIRClient(BASE, authorization=BEARER)


def sending(**headers):
    """The same client with further headers, as fhirpy has it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SyncFHIRClient(BASE, authorization=BEARER, extra_headers=named)


def patient(family, given, **elements):
    return client.resource("Patient", name=[{"family": family, "given": [given]}], **elements)


def refused(call, error, told=""):
    try:
        call()
    except error as refusal:
        assert told in str(refusal), refusal
    else:
        raise AssertionError("it was not refused")


def life_of_one():
    made = patient("Life", "One")
    made.save()
    assert made["meta"]["versionId"] == "1"
    assert client.reference("Patient", made.id).to_resource() == made
    made["active"] = True
    made.save()
    assert made["meta"]["versionId"] == "2"
    # fhirpy asks for what has changed since its version, and is told of nothing or of everything.
    client.execute(made.reference.split("?")[0] if isinstance(made.reference, str) else f"Patient/{made.id}", method="get")
    made.refresh()
    assert made["active"] is True
    patching = sending(Content_Type="application/json-patch+json")
    patched = patching.execute(
        f"Patient/{made.id}", method="patch", data=[{"op": "add", "path": "/birthDate", "value": "1980-02-29"}]
    )
    assert patched["birthDate"] == "1980-02-29"
    # Its own form of a patch is no standard, and must not pass for one.
    refused(lambda: client.patch("Patient", made.id, active=False), OperationOutcome)
    made.refresh()
    assert (made["active"], made["meta"]["versionId"]) == (True, "3")
    stale = sending(If_Match='W/"1"')
    refused(lambda: stale.resource("Patient", **made.serialize()).save(), MultipleResourcesFound)
    made.delete()
    refused(made.refresh, ResourceNotFound)
    history = client.execute(f"Patient/{made.id}/_history", method="get")
    assert [entry["request"]["method"] for entry in history["entry"]] == ["DELETE", "PUT", "PUT", "POST"]


def pages():
    made = []
    for number in range(23):
        one = patient("Page", f"P{number}")
        one.save()
        made.append(one.id)
    found = [one.id for one in client.resources("Patient").search(family="page").sort("given").limit(4)]
    assert sorted(found) == sorted(made), found
    assert len(client.resources("Patient").search(family="page").limit(7).fetch_all()) == 23
    assert client.resources("Patient").search(family="page").sort("-given").first()["name"][0]["given"] == ["P9"]
    # It counts with a parameter that is not FHIR's: it has to ask for leniency.
    lenient = sending(Prefer="handling=lenient")
    assert lenient.resources("Patient").search(family="page").count() == 23
    refused(client.resources("Patient").search(family="page").count, OperationOutcome, "_totalMethod")
    assert client.resources("Patient").search(family__exact="page").fetch() == []
    assert len(client.resources("Patient").search(family="page", given=["P1", "P2"]).fetch_all()) == 0


def bundles():
    batch = client.resource(
        "Bundle",
        type="batch",
        entry=[
            {"request": {"method": "POST", "url": "Patient"}, "resource": patient("Batch", "A").serialize()},
            {"request": {"method": "GET", "url": "Patient/none"}},
        ],
    )
    answer = client.execute("", data=batch.serialize())
    assert [entry["response"]["status"][:3] for entry in answer["entry"]] == ["201", "404"]
    urn = "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"
    bound = patient("Bound", "A", managingOrganization={"reference": urn})
    entries = [
        {"request": {"method": "POST", "url": "Patient"}, "resource": bound.serialize()},
        {
            "fullUrl": urn,
            "request": {"method": "POST", "url": "Organization"},
            "resource": {"resourceType": "Organization", "name": "Of all"},
        },
    ]
    transaction = client.resource("Bundle", type="transaction", entry=entries)
    assert client.execute("", data=transaction.serialize())["type"] == "transaction-response"
    stored = client.resources("Patient").search(family="bound").get()
    assert stored["managingOrganization"].to_resource()["name"] == "Of all"


def conditions():
    identified = patient("Once", "A", identifier=[{"system": "urn:py", "value": "1"}])
    once = sending(If_None_Exist="identifier=urn:py|1")
    first = once.execute("Patient", data=identified.serialize())
    second = once.execute("Patient", data=identified.serialize())
    assert first["id"] == second["id"]
    search = client.resources("Patient").search(identifier="urn:py|1")
    updated, created = search.update(patient("Once", "B", identifier=identified["identifier"]))
    assert (updated.id, created) == (first["id"], False)
    # A condition in the address of a create is not FHIR's: ignored, it would make a second one.
    refused(lambda: search.get_or_create(identified), OperationOutcome, "identifier")
    assert len(search.fetch_all()) == 1
    search.delete()
    assert search.fetch_all() == []


def faults():
    refused(lambda: client.reference("Patient", "none").to_resource(), ResourceNotFound)
    refused(lambda: client.resources("Patient").search(nonsense="1").fetch(), OperationOutcome, "nonsense")
    refused(client.resource("Patient", birthDate="x").save, OperationOutcome, "birthDate")
    assert patient("Right", "A").is_valid()
    assert not client.resource("Patient", birthDate="x").is_valid()
    nobody = SyncFHIRClient(BASE)
    refused(nobody.resources("Patient").fetch, AuthorizationError)


for scene in (life_of_one, pages, bundles, conditions, faults):
    scene()
    print(scene.__name__)
