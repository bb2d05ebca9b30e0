//! What an invitation asks for: every fault in it is told at once.

use serde_json::{Map, Value};

use crate::error::{Error, Issue, Kind, Result};

/// In whose pool a new user will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Project,
    Server,
}

/// An invitation, understood.
#[derive(Debug, Clone)]
pub struct Invite {
    /// `Patient`, `Practitioner` or `RelatedPerson`.
    pub kind: &'static str,
    pub first: String,
    pub last: String,
    /// In lower case.
    pub email: Option<String>,
    pub external_id: Option<String>,
    /// Reference to the patient of a RelatedPerson.
    pub patient: Option<String>,
    pub scope: Scope,
    pub password: Option<String>,
    pub send: bool,
    pub upsert: bool,
    pub force: bool,
    pub mfa_required: Option<bool>,
    /// What the membership is to say besides user, project and profile.
    pub membership: Map<String, Value>,
    /// Reference to a profile that is there already.
    pub profile: Option<String>,
}

const KINDS: [&str; 3] = ["Patient", "Practitioner", "RelatedPerson"];
const KNOWN: [&str; 17] = [
    "accessPolicy",
    "access",
    "admin",
    "email",
    "externalId",
    "firstName",
    "forceNewMembership",
    "lastName",
    "membership",
    "mfaRequired",
    "password",
    "patient",
    "profile",
    "resourceType",
    "scope",
    "sendEmail",
    "upsert",
];
/// What a membership may say of itself in an invitation.
const MEMBERSHIP: [&str; 12] = [
    "access",
    "accessPolicy",
    "active",
    "admin",
    "extension",
    "externalId",
    "identifier",
    "mfaRequired",
    "profile",
    "resourceType",
    "userConfiguration",
    "userName",
];
/// Characters of a name at most.
const LONGEST: usize = 128;

impl Invite {
    pub fn parse(body: &Value) -> Result<Self> {
        let mut reader = Reader { body, issues: Vec::new() };
        let invite = reader.read();
        match reader.issues.is_empty() {
            true => Ok(invite),
            false => Err(Error::new(Kind::Malformed, reader.issues)),
        }
    }
}

struct Reader<'b> {
    body: &'b Value,
    issues: Vec<Issue>,
}

impl Reader<'_> {
    fn read(&mut self) -> Invite {
        let Some(object) = self.body.as_object() else {
            self.issues.push(Issue::error("structure", "an invitation is a JSON object"));
            return Invite::empty();
        };
        for name in object.keys().filter(|name| !KNOWN.contains(&name.as_str())) {
            self.fault(name, "not-supported", "this is not known here");
        }
        let kind = self.text("resourceType");
        let known = KINDS.into_iter().find(|known| kind.as_deref() == Some(known));
        match (&kind, known) {
            (None, _) => self.fault("resourceType", "required", "Resource type is required"),
            (Some(kind), None) => {
                let text = format!("there are {}, not '{kind}'", KINDS.join(", "));
                self.fault("resourceType", "value", &text);
            }
            _ => {}
        }
        let (first, last) = (self.text("firstName"), self.text("lastName"));
        for (name, value, text) in
            [("firstName", &first, "First name is required"), ("lastName", &last, "Last name is required")]
        {
            match value {
                None => self.fault(name, "required", text),
                Some(value) if value.chars().count() > LONGEST => {
                    self.fault(name, "too-long", &format!("it has more than {LONGEST} characters"));
                }
                Some(_) => {}
            }
        }
        let email = self.text("email").map(|email| email.to_lowercase());
        let mut membership = self.membership();
        let inner = membership.get("externalId").and_then(Value::as_str).map(str::to_owned);
        let external_id = self.text("externalId").or(inner);
        if let Some(external_id) = &external_id {
            membership.insert("externalId".to_owned(), Value::from(external_id.as_str()));
        }
        if email.is_none() && external_id.is_none() {
            self.fault("email", "required", "Either email or externalId is required");
        }
        let scope = match self.text("scope").as_deref() {
            Some("project") => Scope::Project,
            Some("server") => Scope::Server,
            None if known == Some("Patient") || external_id.is_some() => Scope::Project,
            None => Scope::Server,
            Some(_) => {
                self.fault("scope", "value", "a scope is `project` or `server`");
                Scope::Project
            }
        };
        if scope == Scope::Server && email.is_none() {
            self.fault("email", "required", "a user of the server has an e-mail");
        }
        let profile = match (self.reference("profile"), membership.shift_remove("profile")) {
            (Some(profile), _) => Some(profile),
            (None, Some(profile)) => match profile.get("reference").and_then(Value::as_str) {
                Some(reference) => Some(reference.to_owned()),
                None => {
                    self.fault("membership.profile", "value", "a profile is a reference");
                    None
                }
            },
            (None, None) => None,
        };
        let required = self.truth("mfaRequired");
        if let Some(required) = required {
            membership.insert("mfaRequired".to_owned(), Value::Bool(required));
        }
        let patient = self.reference("patient");
        if known == Some("RelatedPerson") && patient.is_none() && profile.is_none() {
            self.fault("patient", "required", "a RelatedPerson has a patient");
        }
        Invite {
            kind: known.unwrap_or("Practitioner"),
            first: first.unwrap_or_default(),
            last: last.unwrap_or_default(),
            email,
            external_id,
            patient,
            scope,
            password: self.text("password"),
            send: self.truth("sendEmail").unwrap_or(true),
            upsert: self.truth("upsert").unwrap_or(false),
            force: self.truth("forceNewMembership").unwrap_or(false),
            mfa_required: required,
            membership,
            profile,
        }
    }

    /// What is said of the membership, the older places included.
    fn membership(&mut self) -> Map<String, Value> {
        let mut membership = match self.body.get("membership") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(membership)) => membership.clone(),
            Some(_) => {
                self.fault("membership", "structure", "a membership is an object");
                Map::new()
            }
        };
        let strange: Vec<String> =
            membership.keys().filter(|name| !MEMBERSHIP.contains(&name.as_str())).cloned().collect();
        for name in strange {
            self.fault(&format!("membership.{name}"), "business-rule", "the invitation decides this itself");
        }
        membership.shift_remove("resourceType");
        for name in ["access", "accessPolicy", "admin"] {
            if let Some(value) = self.body.get(name).filter(|value| !value.is_null())
                && !membership.contains_key(name)
            {
                membership.insert(name.to_owned(), value.clone());
            }
        }
        // A list of nothing says nothing.
        membership
            .retain(|_, value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()));
        membership
    }

    fn text(&mut self, name: &str) -> Option<String> {
        match self.body.get(name)? {
            Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Value::Null => None,
            _ => {
                self.fault(name, "value", "it is a text");
                None
            }
        }
    }

    fn truth(&mut self, name: &str) -> Option<bool> {
        match self.body.get(name)? {
            Value::Bool(truth) => Some(*truth),
            Value::Null => None,
            _ => {
                self.fault(name, "value", "it is true or false");
                None
            }
        }
    }

    fn reference(&mut self, name: &str) -> Option<String> {
        match self.body.get(name)? {
            Value::Null => None,
            value => {
                let reference = value.get("reference").and_then(Value::as_str).map(str::to_owned);
                if reference.is_none() {
                    self.fault(name, "value", "it is a reference");
                }
                reference
            }
        }
    }

    fn fault(&mut self, place: &str, code: &'static str, text: &str) {
        self.issues.push(Issue::error(code, text).at(place));
    }
}

impl Invite {
    fn empty() -> Self {
        Self {
            kind: "Practitioner",
            first: String::new(),
            last: String::new(),
            email: None,
            external_id: None,
            patient: None,
            scope: Scope::Project,
            password: None,
            send: false,
            upsert: false,
            force: false,
            mfa_required: None,
            membership: Map::new(),
            profile: None,
        }
    }

    /// Into a project, by an e-mail alone: how he is called he says himself, when he comes.
    pub fn by_email(email: &str, membership: Map<String, Value>, send: bool) -> Self {
        Self { email: Some(email.to_lowercase()), membership, send, ..Self::empty() }
    }

    /// As the person is called.
    pub fn name(&self) -> String {
        let name = format!("{} {}", self.first, self.last).trim().to_owned();
        if name.is_empty() { self.email.clone().unwrap_or_default() } else { name }
    }
}
