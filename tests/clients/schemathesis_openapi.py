"""Schemathesis (https://schemathesis.readthedocs.io) against what /openapi.json says: requests made up from the description,
and whether each answer is one that it declares, in the form that it declares.

ONLY names the tags that are tried; MORE the requests that are made up for each operation besides the standard ones; PHASES
which of both there are.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request

ORIGIN = os.environ["BASE"].removesuffix("/fhir/R4")
TOKEN = os.environ["TOKEN"]
ONLY = os.environ.get("ONLY", "Server,FHIR,User,Group").split(",")
# Left out of what is made up: they contain each other without an end.
ENDLESS = {"extension", "modifierExtension", "contained", "text", "meta", "implicitRules"}
DEPTH = 4


def load():
    with urllib.request.urlopen(f"{ORIGIN}/openapi.json") as answer:
        return json.load(answer)


def finite(document, schema, depth=0):
    """A schema with no reference in it, of instances that the given one allows, too; None if that goes too deep."""
    while isinstance(schema, dict) and "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if not isinstance(schema, dict):
        return schema
    if depth > DEPTH:
        return None
    made = {name: value for name, value in schema.items() if name not in ("discriminator", "description", "examples")}
    if "properties" in made:
        kept = {}
        for name, value in made["properties"].items():
            if name in ENDLESS or name.startswith("_"):
                continue
            value = finite(document, value, depth + 1)
            if value is not None:
                kept[name] = value
            elif name in made.get("required", []):
                return None
        made["properties"] = kept
    if "items" in made:
        made["items"] = finite(document, made["items"], depth)
        if made["items"] is None:
            return None
    for several in ("oneOf", "anyOf", "allOf"):
        if several in made:
            made[several] = [one for one in (finite(document, one, depth) for one in made[several]) if one is not None]
            if not made[several]:
                return None
    return made


def references(value, found):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            found.add(value["$ref"])
        for one in value.values():
            references(one, found)
    elif isinstance(value, list):
        for one in value:
            references(one, found)


def trimmed(document):
    """The operations that are tried, bodies that can be made up, and the components that these need."""
    # What comes inside of others is looked at where it is asked for itself.
    document["components"]["schemas"]["Resource"] = {
        "type": "object", "required": ["resourceType"], "properties": {"resourceType": {"type": "string"}},
    }
    paths = {}
    for path, verbs in document["paths"].items():
        kept = {verb: one for verb, one in verbs.items() if set(one["tags"]) & set(ONLY)}
        # It would end the session of whoever tries.
        kept = {verb: one for verb, one in kept.items() if "logout" not in path and "revoke" not in path}
        for one in kept.values():
            for form in one.get("requestBody", {}).get("content", {}).values():
                form["schema"] = finite(document, form["schema"]) or {"type": "object"}
        if kept:
            paths[path] = kept
    document["paths"] = paths
    needed, waiting = set(), set()
    references(paths, waiting)
    while waiting:
        needed |= waiting
        found = set()
        for reference in waiting:
            _, _, kind, name = reference.split("/")
            references(document["components"][kind][name], found)
        waiting = found - needed
    components = {"securitySchemes": document["components"]["securitySchemes"]}
    for reference in needed:
        _, _, kind, name = reference.split("/")
        components.setdefault(kind, {})[name] = document["components"][kind][name]
    document["components"] = components
    return document


def main():
    document = trimmed(load())
    with tempfile.TemporaryDirectory() as folder:
        place = os.path.join(folder, "openapi.json")
        with open(place, "w") as file:
            json.dump(document, file)
        command = [
            os.path.join(os.path.dirname(sys.executable), "schemathesis"), "run", place, "--url", ORIGIN,
            "--header", f"Authorization: Bearer {TOKEN}",
            "--phases", os.environ.get("PHASES", "examples,coverage,fuzzing"), "--max-examples", os.environ.get("MORE", "3"), "--seed", "7",
            "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
            "--suppress-health-check", "all", "--continue-on-failure", "--no-shrink", "--warnings", "off",
            "--report", "ndjson,junit", "--report-dir", os.environ.get("REPORT", folder),
        ]
        run = subprocess.run(command, cwd=folder)
    sys.exit(run.returncode)


main()
