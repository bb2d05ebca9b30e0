"""scim2-tester puts the server through all of its checks, and scim2-client through the life of a user and a group."""

import os

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import PatchOp, PatchOperation, SearchRequest
from scim2_tester import Status, check_server

headers = {"Authorization": f"Bearer {os.environ['API_KEY']}"}
connection = httpx2.Client(base_url=f"{os.environ['ORIGIN']}/scim/v2", headers=headers, timeout=60)

results = check_server(SyncSCIMClient(connection))
failed = [r for r in results if r.status not in (Status.SUCCESS, Status.SKIPPED)]
for result in failed:
    print(result.status.name, result.title, result.resource_type, result.reason, result.data)
assert not failed
assert sum(r.status == Status.SUCCESS for r in results) >= 130, len(results)

scim = SyncSCIMClient(connection)
scim.discover()
User, Group = scim.get_resource_model("User"), scim.get_resource_model("Group")

user = scim.create(User(user_name="client@example.com", title="Guide"))
assert scim.query(User, user.id) == user
group = scim.create(Group(display_name="Crew", members=[Group.Members(value=user.id)]))
assert scim.query(User, user.id).groups[0].display == "Crew"

user.title = "Lead"
user = scim.replace(user)
assert user.title == "Lead"
add = PatchOperation(op="add", path="nickName", value="C")
user = scim.modify(User, user.id, PatchOp[User](operations=[add]))
assert user.nick_name == "C" and user.title == "Lead"

found = scim.query(User, query_parameters=SearchRequest(filter='nickName eq "c"', attributes=["userName"]))
assert found.total_results == 1 and found.resources[0].user_name == "client@example.com"
assert scim.search(SearchRequest(filter='displayName eq "crew"')).total_results == 1

scim.delete(User, user.id)
assert scim.query(Group, group.id).members is None
scim.delete(Group, group.id)
