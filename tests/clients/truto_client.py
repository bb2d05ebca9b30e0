"""The user directory through truto-python-sdk, as it comes from PyPI."""

import asyncio
import os

import aiohttp
from truto_python_sdk import TrutoApi

ACCOUNT = {"integrated_account_id": os.environ["PROJECT"]}
api = TrutoApi(token=os.environ["API_KEY"], base_url=os.environ["ORIGIN"]).unified_api
DIRECTORY = "user-directory"


def of(resource, **query):
    return api.list(DIRECTORY, resource, {**ACCOUNT, **query})


async def refused(call, status):
    try:
        await call
    except aiohttp.ClientResponseError as error:
        assert error.status == status, error
    else:
        raise AssertionError(f"not refused with {status}")


async def main():
    made = []
    for name in ["ada", "bob", "cy", "dee", "eve"]:
        body = {
            "first_name": name,
            "last_name": "Sdk",
            "emails": [{"email": f"{name}@example.com", "type": "work", "is_primary": True}],
            "phones": [{"number": "1", "extension": "2", "type": "home"}],
        }
        user = await api.create(DIRECTORY, "users", body, dict(ACCOUNT))
        assert user["phones"] == body["phones"], user
        made.append(user)

    # Pages of two, walked to their end, and exactly as many as there are.
    found = await of("users", last_name="Sdk", limit=2).to_array()
    assert [user["id"] for user in found] == [user["id"] for user in made]
    assert len(await of("users", last_name="Sdk", limit=5).to_array()) == 5
    assert await of("users", last_name="Nobody").to_array() == []
    newest = await of("users", last_name="Sdk", sort_by={"first_name": "desc"}, limit=2).to_array()
    assert [user["first_name"] for user in newest] == ["eve", "dee", "cy", "bob", "ada"]
    by_mail = await of("users", emails={"email": "cy@example.com"}).to_array()
    assert [user["first_name"] for user in by_mail] == ["cy"]
    since = await of("users", last_name="Sdk", created_at={"gte": made[3]["created_at"]}).to_array()
    assert [user["id"] for user in since][-1] == made[4]["id"]
    short = await of("users", truto_exclude_fields=["emails", "remote_data"], truto_ignore_limit=True).to_array()
    assert all("emails" not in user and "remote_data" not in user for user in short)

    one = made[0]["id"]
    assert (await api.get(DIRECTORY, "users", one, dict(ACCOUNT)))["remote_data"]["resourceType"] == "User"
    changed = await api.update(DIRECTORY, "users", one, {"title": "Countess", "status": "inactive"}, dict(ACCOUNT))
    assert (changed["title"], changed["status"], changed["first_name"]) == ("Countess", "inactive", "ada")
    assert [user["id"] for user in await of("users", status="inactive").to_array()] == [one]
    await api.delete(DIRECTORY, "users", one, dict(ACCOUNT))
    await refused(api.get(DIRECTORY, "users", one, dict(ACCOUNT)), 404)

    role = await api.create(DIRECTORY, "roles", {"name": "Editor"}, dict(ACCOUNT))
    await api.update(DIRECTORY, "users", made[1]["id"], {"roles": [{"id": role["id"]}]}, dict(ACCOUNT))
    bob = await api.get(DIRECTORY, "users", made[1]["id"], dict(ACCOUNT))
    assert bob["roles"][0]["name"] == "Editor", bob
    for resource, least in [("roles", 1), ("groups", 0), ("organizations", 1), ("workspaces", 1), ("activities", 1)]:
        assert len(await of(resource).to_array()) >= least, resource
    assert await of("licenses").to_array() == []
    assert await of("me").to_array() == []

    await refused(api.get(DIRECTORY, "users", "none", dict(ACCOUNT)), 404)
    await refused(api.get(DIRECTORY, "users", one, {}), 400)
    await refused(api.create(DIRECTORY, "users", {"first_name": "X"}, dict(ACCOUNT)), 400)
    await refused(of("users", shoe="x").to_array(), 400)
    stranger = TrutoApi(token="none", base_url=os.environ["ORIGIN"]).unified_api
    await refused(stranger.get(DIRECTORY, "users", one, dict(ACCOUNT)), 401)


asyncio.run(main())
