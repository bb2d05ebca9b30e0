"""The server through workos (https://github.com/workos/workos-python), as it comes from PyPI: strict about every key."""

import os
import time
from urllib.parse import urlsplit

from workos import WorkOSClient
from workos import _errors as errors

parts = urlsplit(os.environ["BASE"])
client_id = os.environ["API_KEY"].split("_")[1]
workos = WorkOSClient(
    api_key=os.environ["API_KEY"], client_id=client_id, base_url=f"{parts.scheme}://{parts.netloc}"
)
people = workos.user_management
PASSWORD = "plum violin 77 harbour"


def refused(kind, call, *args, **more):
    try:
        call(*args, **more)
    except kind as error:
        return error
    raise AssertionError(f"{call} was not refused")


def totp(secret, later=0):
    import base64
    import hmac

    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, (int(time.time() // 30) + later).to_bytes(8, "big"), "sha1").digest()
    start = mac[19] & 15
    return f"{(int.from_bytes(mac[start:start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


# Users.
from workos.user_management._resource import PasswordHashed, PasswordPlaintext  # noqa: E402

ada = people.create_user(
    email="ada@example.com", first_name="Ada", metadata={"team": "engines"}, external_id="emp-1",
    password=PasswordPlaintext(PASSWORD),
)
assert ada.last_name is None and ada.metadata == {"team": "engines"}
assert people.get_user(ada.id).email == "ada@example.com"
assert people.get_user_by_external_id("emp-1").id == ada.id
changed = people.update_user(ada.id, last_name="King", metadata={"team": "looms"})
assert changed.last_name == "King" and changed.metadata == {"team": "looms"}
assert refused(errors.BadRequestError, people.create_user, email="ADA@example.com").code == "user_creation_error"
refused(errors.NotFoundError, people.get_user, "user_01H7WRJBPAAHX1BYRQHEK7QC4A")
hashed = people.create_user(
    email="hashed@example.com", email_verified=True,
    # bcrypt of "password"
    password=PasswordHashed("$2b$04$eO6h.H4xQ3fC3OjxBOeb..u0d3QdYQOKJdMUPHDhXuw9qNTTUiL1m"[:60], "bcrypt"),
)
assert hashed.email_verified
wrong = refused(errors.BadRequestError, people.create_user, email="x@example.com", password=PasswordHashed("nonsense", "bcrypt"))
assert wrong.code == "invalid_password_hash"
made = [people.create_user(email=f"many{number}@example.com").id for number in range(5)]
page = people.list_users(limit=2)
assert [user.id for user in page.data] == [made[4], made[3]]
assert [user.id for user in people.list_users(limit=2, after=page.data[-1].id).data] == [made[2], made[1]]
assert people.list_users(email="many0@example.com").data[0].id == made[0]
people.delete_user(made[0])
refused(errors.NotFoundError, people.get_user, made[0])
assert people.get_user_identities(ada.id) == []

# Organizations, roles, memberships.
acme = workos.organizations.create_organization(name="Acme", external_id="acme", metadata={"tier": "gold"})
assert workos.organizations.get_organization(acme.id).metadata == {"tier": "gold"}
assert workos.organizations.get_organization_by_external_id("acme").id == acme.id
assert workos.organizations.update_organization(acme.id, name="Acme & Sons").name == "Acme & Sons"
other = workos.organizations.create_organization(name="Other")
assert [one.id for one in workos.organizations.list_organizations().data] == [other.id, acme.id]
assert [one.id for one in workos.organizations.list_organizations(search="sons").data] == [acme.id]
domain = workos.organization_domains.create_organization_domain(domain="acme.example", organization_id=acme.id)
assert workos.organization_domains.get_organization_domain(domain.id).domain == "acme.example"
assert [one.id for one in workos.organizations.list_organizations(domains=["acme.example"]).data] == [acme.id]
workos.organization_domains.delete_organization_domain(domain.id)
workos.authorization.create_permission(slug="engines:run", name="Run engines")
assert workos.authorization.get_permission("engines:run").name == "Run engines"
assert workos.authorization.update_permission("engines:run", name="Run").name == "Run"
assert len(workos.authorization.list_permissions().data) == 1
workos.authorization.create_environment_role(slug="engineer", name="Engineer")
workos.authorization.set_environment_role_permissions("engineer", permissions=["engines:run"])
assert workos.authorization.get_environment_role("engineer").permissions == ["engines:run"]
assert len(workos.authorization.list_environment_roles().data) == 1
workos.authorization.create_organization_role(acme.id, slug="org-boss", name="Boss")
assert workos.authorization.get_organization_role(acme.id, "org-boss").name == "Boss"
assert len(workos.authorization.list_organization_roles(acme.id).data) == 2
workos.authorization.delete_organization_role(acme.id, "org-boss")
from workos.organization_membership._resource import RoleSingle  # noqa: E402

members = workos.organization_membership
member = members.create_organization_membership(user_id=ada.id, organization_id=acme.id, role=RoleSingle("engineer"))
assert member.role.slug == "engineer" and member.status == "active"
assert members.get_organization_membership(member.id).user_id == ada.id
assert [one.id for one in members.list_organization_memberships(user_id=ada.id).data] == [member.id]
assert members.deactivate_organization_membership(member.id).status == "inactive"
assert members.reactivate_organization_membership(member.id).status == "active"
assert members.update_organization_membership(member.id, role=RoleSingle("member")).role.slug == "member"

# Signing in.
session = people.authenticate_with_password(email="ada@example.com", password=PASSWORD, ip_address="192.0.2.7")
assert session.organization_id == acme.id and session.user.id == ada.id
import jwt  # noqa: E402

keys = people.get_jwks(client_id)
key = jwt.PyJWKClient(people.get_jwks_url()).get_signing_key_from_jwt(session.access_token)
claims = jwt.decode(session.access_token, key.key, algorithms=["RS256"])
assert claims["sub"] == ada.id and claims["org_id"] == acme.id and claims["role"] == "member"
# The certificate is of the same key.
import base64  # noqa: E402
from cryptography import x509  # noqa: E402

certificate = x509.load_der_x509_certificate(base64.b64decode(keys.keys[0].x_5_c[0]))
assert certificate.public_key().public_numbers() == key.key.public_numbers()
certificate.verify_directly_issued_by(certificate)
again = people.authenticate_with_refresh_token(refresh_token=session.refresh_token)
members.create_organization_membership(user_id=ada.id, organization_id=other.id)
choice = refused(errors.OrganizationSelectionRequiredError, people.authenticate_with_password, email="ada@example.com", password=PASSWORD)
chosen = people.authenticate_with_organization_selection(
    pending_authentication_token=choice.response_json["pending_authentication_token"], organization_id=other.id
)
assert chosen.organization_id == other.id
assert len(people.list_sessions(ada.id).data) == 2
people.revoke_session(session_id=claims["sid"])
assert len(people.list_sessions(ada.id).data) == 1
magic = people.create_magic_auth(email="grace@example.com")
assert people.get_magic_auth(magic.id).code == magic.code
grace = people.authenticate_with_magic_auth(email="grace@example.com", code=magic.code)
assert grace.user.email_verified and grace.organization_id is None
assert refused(errors.BadRequestError, people.authenticate_with_magic_auth, email="grace@example.com", code="x").code

# E-mail, password, second factor.
people.send_verification_email(ada.id)
assert refused(errors.BadRequestError, people.verify_email, ada.id, code="x").code == "email_verification_code_incorrect"
change = people.send_email_change(ada.id, new_email="countess@example.com")
assert change.new_email == "countess@example.com"
assert refused(errors.BadRequestError, people.confirm_email_change, ada.id, code="x").code == "email_change_code_incorrect"
reset = people.reset_password(email="grace@example.com")
assert people.get_password_reset(reset.id).password_reset_token == reset.password_reset_token
people.confirm_password_reset(token=reset.password_reset_token, new_password="orange tuba 41 meadow")
mfa = workos.multi_factor_auth
enrolled = mfa.create_user_auth_factor(grace.user.id, type="totp")
seed = enrolled.authentication_factor.totp.secret
assert mfa.verify_challenge(enrolled.authentication_challenge.id, code=totp(seed)).valid
factor = mfa.list_user_auth_factors(grace.user.id).data[0]
assert mfa.get_factor(factor.id).id == factor.id
needed = refused(errors.MfaChallengeError, people.authenticate_with_password, email="grace@example.com", password="orange tuba 41 meadow")
challenge = mfa.challenge_factor(factor.id)
proved = people.authenticate_with_totp(
    code=totp(seed, 1), authentication_challenge_id=challenge.id,
    pending_authentication_token=needed.response_json["pending_authentication_token"],
)
assert proved.user.id == grace.user.id
mfa.delete_factor(factor.id)
assert mfa.list_user_auth_factors(grace.user.id).data == []

# Invitations.
invitation = people.send_invitation(email="mary@example.com", organization_id=acme.id, role_slug="engineer")
assert people.get_invitation(invitation.id).state == "pending"
assert people.find_invitation_by_token(invitation.token).id == invitation.id
assert len(people.list_invitations(email="mary@example.com").data) == 1
people.resend_invitation(invitation.id)
assert people.accept_invitation(invitation.id).state == "accepted"
taken = people.send_invitation(email="joan@example.com")
assert people.revoke_invitation(taken.id).state == "revoked"
workos.organizations.delete_organization(other.id)
refused(errors.NotFoundError, workos.organizations.get_organization, other.id)

# Events.
events = workos.events.list_events(events=["user.created", "user.deleted"], limit=100)
assert any(event.event == "user.created" and event.data.id == ada.id for event in events.data)
assert any(event.event == "user.deleted" and event.data.id == made[0] for event in events.data)
