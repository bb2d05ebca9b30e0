//! A server in process on a fresh database, with somebody of every sort to call it.
//!
//! Each world is a copy of one that was prepared once an engine: bootstrapped, with two projects, each with
//! its own clients. So a test pays for no password hash and no migration.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::auth::person;
use crate::client::{Client, id};
use crate::database::{Database, Engine};
use crate::server::{BOOTSTRAP_CLIENT, BOOTSTRAP_SECRET, Server};

pub struct World {
    /// Nobody in particular.
    pub anonymous: Client,
    /// The admin of another project.
    pub stranger: Client,
    /// A client of the project without a policy: the least there is.
    pub member: Client,
    /// The admin of the project.
    pub admin: Client,
    pub super_admin: Client,
    /// The ids of the project and of the other one.
    pub project: String,
    pub other_project: String,
    // Fields are dropped in this order: the server leaves before its database.
    pub server: Server,
    pub database: Database,
}

/// A world to copy.
struct Template {
    database: Database,
    project: String,
    other_project: String,
    stranger: String,
    member: String,
    admin: String,
    super_admin: String,
}

static SQLITE: LazyLock<Template> = LazyLock::new(|| Template::make(Engine::Sqlite));
static POSTGRES: LazyLock<Template> = LazyLock::new(|| Template::make(Engine::Postgres));

impl World {
    /// A world whose server is configured by `change`.
    pub fn with(engine: Engine, change: impl FnOnce(&mut roster::config::Config)) -> Self {
        let template = match engine {
            Engine::Sqlite => &*SQLITE,
            Engine::Postgres => &*POSTGRES,
        };
        let database = template.database.copy();
        let server = Server::start(&database.url, change);
        let client = |token| Client::with_token(&server.address, token);
        Self {
            anonymous: Client::anonymous(&server.address),
            stranger: client(&template.stranger),
            member: client(&template.member),
            admin: client(&template.admin),
            super_admin: client(&template.super_admin),
            project: template.project.clone(),
            other_project: template.other_project.clone(),
            server,
            database,
        }
    }
}

impl Template {
    fn make(engine: Engine) -> Self {
        let database = Database::empty(engine);
        let server = Server::start(&database.url, |_| {});
        let anonymous = Client::anonymous(&server.address);
        let super_token = token(&anonymous, BOOTSTRAP_CLIENT, BOOTSTRAP_SECRET);
        let super_admin = Client::with_token(&server.address, &super_token);

        let project = new_project(&super_admin, "Project");
        let other_project = new_project(&super_admin, "Other project");
        let token_of = |project: &str, admin| {
            let (client, secret) = register(&super_admin, project, admin);
            token(&anonymous, &client, &secret)
        };
        let (admin, member) = (token_of(&project, true), token_of(&project, false));
        let stranger = token_of(&other_project, true);
        drop(server);
        database.close();
        Self { database, project, other_project, stranger, member, admin, super_admin: super_token }
    }
}

pub fn new_project(super_admin: &Client, name: &str) -> String {
    id(&super_admin.create(&json!({"resourceType": "Project", "name": name})))
}

/// What opens a project to the clients of every dialect.
pub struct Keys {
    pub project: String,
    pub client_id: String,
    /// Of a client that is an admin of the project.
    pub api_key: String,
    /// Of the client of an identity provider.
    pub scim_token: String,
    /// An access token of a person who is an admin of it.
    pub owner_token: String,
    pub owner_email: String,
}

/// A new project and its keys, as `roster project add --json` prints them.
pub fn keys(world: &World, name: &str) -> Keys {
    let World { super_admin, anonymous, .. } = world;
    let project = new_project(super_admin, name);
    let [(client_id, secret), (scim, scim_secret)] = [(), ()].map(|()| register(super_admin, &project, true));
    let email = format!("owner.{}@example.com", uuid::Uuid::new_v4().simple());
    let password = "violet harbour of nine plums";
    let invite = json!({
        "resourceType": "Practitioner", "firstName": "Olga", "lastName": "Owner", "email": email,
        "password": password, "scope": "project", "sendEmail": false, "membership": {"admin": true}
    });
    super_admin.post(&format!("/admin/projects/{project}/invite"), &invite).expect(200);
    let mut asked = person::asked(&email, password);
    asked["projectId"] = Value::from(project.as_str());
    let code = anonymous.post("/auth/login", &asked).expect(200).json();
    let form = format!(
        "grant_type=authorization_code&code={}&client_id=&redirect_uri=&code_verifier={}",
        person::text(&code, "code"),
        person::VERIFIER
    );
    let tokens = anonymous.call("POST", "/oauth2/token").form(&form).send().expect(200).json();
    Keys {
        api_key: format!("sk_{client_id}_{secret}"),
        scim_token: format!("sk_{scim}_{scim_secret}"),
        owner_token: person::text(&tokens, "access_token").to_owned(),
        owner_email: email,
        project,
        client_id,
    }
}

/// Makes a client that is a member of a project: its id and secret.
pub fn register(super_admin: &Client, project: &str, admin: bool) -> (String, String) {
    let secret = "a-secret-of-a-test-client-as-long-as-they-get".to_owned();
    let client = id(&super_admin.create(&json!({
        "resourceType": "ClientApplication", "meta": {"project": project}, "name": "Client", "secret": secret
    })));
    super_admin.create(&json!({
        "resourceType": "ProjectMembership",
        "meta": {"project": project},
        "project": {"reference": format!("Project/{project}")},
        "user": {"reference": format!("ClientApplication/{client}")},
        "profile": {"reference": format!("ClientApplication/{client}")},
        "admin": admin
    }));
    (client, secret)
}

/// An access token by the client credentials grant.
pub fn token(anonymous: &Client, client: &str, secret: &str) -> String {
    let basic = BASE64_STANDARD.encode(format!("{client}:{secret}"));
    let call = anonymous.call("POST", "/oauth2/token").header("Authorization", &format!("Basic {basic}"));
    let answer: Value = call.form("grant_type=client_credentials").send().expect(200).json();
    answer["access_token"].as_str().expect("a token").to_owned()
}
