//! The types of the dialect: which records they are, what they can be filtered and sorted by, and what they lead to.

use crate::repo::subscription::COMMERCE_LAYER;

/// A type.
#[derive(Debug)]
pub(super) struct Kind {
    pub name: &'static str,
    /// The FHIR type beneath.
    pub resource: &'static str,
    /// Which of its records they are: a parameter of a search.
    pub only: Option<(&'static str, &'static str)>,
    pub attributes: &'static [(&'static str, By)],
    pub sorts: &'static [(&'static str, &'static str)],
    pub relations: &'static [Relation],
}

/// Where one leads to.
#[derive(Debug)]
pub(super) struct Relation {
    pub name: &'static str,
    /// The name of the type.
    pub to: &'static str,
    pub many: bool,
}

/// What stands behind an attribute in a search.
#[derive(Debug, Clone, Copy)]
pub(super) enum By {
    Id,
    /// The path of a string parameter.
    Text(&'static str),
    /// The path of a date.
    Moment(&'static str),
    /// One of few values: each is a filter of its own.
    State(&'static [(&'static str, &'static str)]),
    /// True or false, of what is held in memory.
    Flag,
    /// An object of texts, which is not searched.
    Object,
    /// Nothing: it is shown and not searched.
    Nothing,
}

const fn one(name: &'static str, to: &'static str) -> Relation {
    Relation { name, to, many: false }
}

const fn many(name: &'static str) -> Relation {
    Relation { name, to: name, many: true }
}

/// He has not answered his invitation, and nothing else has proved his address.
const PENDING: &str = "user:User[email-verified ne true and \
    _has:UserSecurityRequest:user[type eq invite and used ne true and revoked ne true]]";
const ACTIVE: &str = "not (user:User[email-verified ne true and \
    _has:UserSecurityRequest:user[type eq invite and used ne true and revoked ne true]])";

pub(super) static USERS: Kind = Kind {
    name: "users",
    resource: "User",
    only: None,
    attributes: &[
        ("email", By::Text("email")),
        ("first_name", By::Text("given")),
        ("last_name", By::Text("family")),
        ("time_zone", By::Nothing),
        ("otp_required_for_login", By::Nothing),
    ],
    sorts: &[],
    relations: &[],
};

pub(super) static MEMBERSHIPS: Kind = Kind {
    name: "memberships",
    resource: "ProjectMembership",
    only: Some(("profile-type:not", "ClientApplication")),
    attributes: &[
        ("id", By::Id),
        ("user_email", By::Text("user:User.email")),
        ("user_first_name", By::Text("user:User.given")),
        ("user_last_name", By::Text("user:User.family")),
        ("status", By::State(&[("pending", PENDING), ("active", ACTIVE)])),
        ("owner", By::Nothing),
        ("role_id", By::Nothing),
        ("role_name", By::Text("access-policy:AccessPolicy.name")),
        ("created_at", By::Moment("created")),
        ("updated_at", By::Moment("_lastUpdated")),
    ],
    sorts: &[("id", "_id"), ("created_at", "created"), ("updated_at", "_lastUpdated")],
    relations: &[
        one("organization", "organizations"),
        one("role", "roles"),
        many("application_memberships"),
        many("versions"),
    ],
};

/// What the holders of a role may do to the resources of one type.
pub(super) static PERMISSIONS: Kind = Kind {
    name: "permissions",
    resource: "AccessPolicy",
    only: None,
    attributes: &[
        ("id", By::Id),
        ("subject", By::Text("")),
        ("can_create", By::Flag),
        ("can_read", By::Flag),
        ("can_update", By::Flag),
        ("can_destroy", By::Flag),
        ("restrictions", By::Nothing),
        ("created_at", By::Moment("")),
        ("updated_at", By::Moment("")),
    ],
    sorts: &[("id", ""), ("subject", ""), ("created_at", ""), ("updated_at", "")],
    relations: &[one("organization", "organizations"), one("role", "roles")],
};

/// An application that a member reaches, and the role that he has in it besides.
pub(super) static APPLICATION_MEMBERSHIPS: Kind = Kind {
    name: "application_memberships",
    resource: "ProjectMembership",
    only: None,
    attributes: &[
        ("id", By::Id),
        ("filters", By::Object),
        ("created_at", By::Moment("")),
        ("updated_at", By::Moment("")),
    ],
    sorts: &[("id", ""), ("created_at", ""), ("updated_at", "")],
    relations: &[
        one("api_credential", "api_credentials"),
        one("membership", "memberships"),
        one("organization", "organizations"),
        one("role", "roles"),
    ],
};

pub(super) static ORGANIZATIONS: Kind = Kind {
    name: "organizations",
    resource: "Project",
    only: None,
    attributes: &[
        ("id", By::Id),
        ("name", By::Text("name")),
        ("created_at", By::Moment("created")),
        ("updated_at", By::Moment("_lastUpdated")),
    ],
    sorts: &[("id", "_id"), ("name", "name"), ("created_at", "created"), ("updated_at", "_lastUpdated")],
    relations: &[many("memberships"), many("roles"), many("permissions"), many("api_credentials")],
};

pub(super) static ROLES: Kind = Kind {
    name: "roles",
    resource: "AccessPolicy",
    only: None,
    attributes: &[
        ("id", By::Id),
        ("name", By::Text("name")),
        ("kind", By::Nothing),
        ("created_at", By::Moment("created")),
        ("updated_at", By::Moment("_lastUpdated")),
    ],
    sorts: &[("id", "_id"), ("name", "name"), ("created_at", "created"), ("updated_at", "_lastUpdated")],
    relations: &[
        one("organization", "organizations"),
        many("permissions"),
        many("memberships"),
        many("api_credentials"),
        many("versions"),
    ],
};

pub(super) static CREDENTIALS: Kind = Kind {
    name: "api_credentials",
    resource: "ClientApplication",
    only: None,
    attributes: &[
        ("id", By::Id),
        ("name", By::Text("name")),
        ("kind", By::Nothing),
        ("confidential", By::Nothing),
        ("client_id", By::Id),
        ("redirect_uri", By::Nothing),
        // An id of another version than 7 tells no time.
        ("created_at", By::Nothing),
        ("updated_at", By::Moment("_lastUpdated")),
    ],
    sorts: &[("id", "_id"), ("name", "name"), ("updated_at", "_lastUpdated")],
    relations: &[one("organization", "organizations"), one("role", "roles")],
};

pub(super) static WEBHOOKS: Kind = Kind {
    name: "webhooks",
    resource: "Subscription",
    only: Some(("criteria:exact", COMMERCE_LAYER.url)),
    attributes: &[
        ("id", By::Id),
        ("name", By::Nothing),
        ("topic", By::Nothing),
        ("callback_url", By::Nothing),
        ("include_resources", By::Nothing),
        ("circuit_state", By::Nothing),
        ("disabled_at", By::Nothing),
        ("created_at", By::Nothing),
        ("updated_at", By::Moment("_lastUpdated")),
    ],
    sorts: &[("id", "_id"), ("updated_at", "_lastUpdated")],
    relations: &[Relation { name: "last_event_callbacks", to: "event_callbacks", many: true }],
};

/// Types that are read off a log: none of them can be included, or searched.
pub(super) const LOGS: [&str; 2] = ["event_callbacks", "versions"];

/// The type of a name, of those that are kept as records.
pub(super) fn of(name: &str) -> Option<&'static Kind> {
    [
        &USERS,
        &MEMBERSHIPS,
        &APPLICATION_MEMBERSHIPS,
        &ORGANIZATIONS,
        &ROLES,
        &PERMISSIONS,
        &CREDENTIALS,
        &WEBHOOKS,
    ]
    .into_iter()
    .find(|kind| kind.name == name)
}

impl Kind {
    pub fn relation(&self, name: &str) -> Option<&'static Relation> {
        self.relations.iter().find(|relation| relation.name == name)
    }
}
