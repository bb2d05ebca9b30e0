//! New accounts, new projects, new patients: what people make for themselves before anybody knows them.

use serde_json::{Value, json};
use uuid::Uuid;

use super::account::{Account, parsed};
use super::login::{SignIn, Step, address, wrong};
use super::mail::Template;
use super::member::{self, Membership};
use super::password::{Person, Verdict, judge};
use super::request::{For, Purpose};
use super::{Identity, system};
use crate::error::{Kind, Result, forbidden, malformed};
use crate::repo::audit::{Act, Audit};

/// Somebody who wants an account.
#[derive(Debug, Default, Clone)]
pub struct Newcomer {
    pub first_name: String,
    pub last_name: String,
    /// E-mail and password, and where to.
    pub sign_in: SignIn,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Welcome {
    pub login: String,
    /// The e-mail is to be verified before anything else.
    pub unverified: bool,
}

const NAME: usize = 128;

impl Identity {
    /// Makes an account, in the pool of the server or, where a project is open to everybody, in that one's. The answer is
    /// the same where there is one already; its owner is told.
    pub async fn register(&self, new: Newcomer) -> Result<Welcome> {
        if !self.settings.registration {
            return Err(forbidden("nobody makes an account here; ask to be invited"));
        }
        for (name, place) in [(&new.first_name, "firstName"), (&new.last_name, "lastName")] {
            if name.trim().is_empty() || name.chars().count() > NAME || name.chars().any(char::is_control) {
                return Err(malformed(format!("a name of up to {NAME} characters is needed"))
                    .coded("value")
                    .at(place));
            }
        }
        let email = address(&new.sign_in.email)?;
        let place = self.place(&new.sign_in).await?;
        let home = match &place.project {
            Some(project) => {
                let unknown = || malformed("there is no such project").coded("not-found").at("projectId");
                self.open_to_patients(self.engine.store.project_number(project)?.ok_or_else(unknown)?)
                    .await?;
                Some(self.engine.store.project_id(place.pool.unwrap_or(0))?)
            }
            None => None,
        };
        let words = [email.as_str(), &new.first_name, &new.last_name];
        // One hash either way, so that the work does not tell: it is made for who is new, and verified for who is known.
        if let Some(account) = Account::in_pool(&self.engine, &email, place.pool.unwrap_or(0)).await? {
            judge(&self.settings, &new.sign_in.password, &Person::of(words), "password")?;
            let unverified = self.settings.verified_sign_up;
            let login = self.known_already(Some(account), new.sign_in).await?;
            return Ok(Welcome { login, unverified });
        }
        let hash = self.new_password(&new.sign_in.password, &words, "password").await?;
        let id = Uuid::now_v7().to_string();
        let mut user = json!({
            "resourceType": "User", "id": id, "active": true, "email": email, "emailVerified": false,
            "firstName": new.first_name.trim(), "lastName": new.last_name.trim(), "passwordHash": hash,
        });
        if let Some(project) = &home {
            user["project"] = json!({ "reference": format!("Project/{project}") });
        }
        let audit = Audit::new("register", Act::Create)
            .agent(format!("User/{id}"))
            .address(new.sign_in.origin.address.as_deref());
        let made = system(&self.engine).audited(audit).import(vec![("User", user)]).await;
        let unverified = self.settings.verified_sign_up;
        match made {
            Ok(_) => {
                let account = self.account(&id).await?;
                self.mail_verification(&account, place.project.as_deref()).await;
                let login = match unverified {
                    true => Uuid::now_v7().to_string(),
                    false => self.start(account, "password", &new.sign_in, place).await?.login().to_owned(),
                };
                Ok(Welcome { login, unverified })
            }
            Err(error) if error.kind == Kind::Conflict => {
                let account = Account::in_pool(&self.engine, &email, place.pool.unwrap_or(0)).await?;
                self.known_already(account, new.sign_in).await.map(|login| Welcome { login, unverified })
            }
            Err(error) => Err(error),
        }
    }

    /// The name of a sign-in that leads nowhere, unless he knows the password: then it is simply his.
    async fn known_already(&self, account: Option<Account>, asked: SignIn) -> Result<String> {
        let nowhere = Uuid::now_v7().to_string();
        let account = account.filter(Account::is_active);
        let attempt = match &account {
            Some(account) => {
                let email = account.email().unwrap_or_default();
                Some(self.guard.begin(Some(account), email, &asked.origin)?)
            }
            None => None,
        };
        let kept = account.as_ref().and_then(|account| account.secret(super::account::PASSWORD));
        let wrong = self.passwords.verify(&asked.password, kept).await? == Verdict::Wrong;
        if let Some(attempt) = attempt.filter(|_| wrong) {
            self.guard.failed(&self.engine, attempt);
        }
        let Some(account) = account.filter(|_| !wrong) else { return Ok(nowhere) };
        if self.settings.verified_sign_up {
            return Ok(nowhere);
        }
        let place = self.place(&asked).await?;
        Ok(self.start(account, "password", &asked, place).await?.login().to_owned())
    }

    /// A link that proves the e-mail of an account. That it does not get out is no obstacle: it can be asked for again.
    pub(super) async fn mail_verification(&self, account: &Account, project: Option<&str>) {
        let Some(email) = account.email() else { return };
        let whom = For { user: &account.row.id, project, email: Some(email), redirect: None };
        let Ok(issued) = self.request(Purpose::VerifyEmail, whom).await else { return };
        let name = account.text("firstName").unwrap_or(email);
        let values = super::mail::Values::of(name).with("link", issued.link).within(issued.lifetime);
        self.send(project, Template::VerifyEmail, email, values).await.ok();
    }

    /// Makes a project for somebody who has signed in and has none: with him as its admin, and a client that may do
    /// all that members may.
    pub async fn found_project(&self, login: &str, name: &str) -> Result<Step> {
        let name = name.trim();
        if !(1..=72).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            return Err(malformed("a project has a name of up to 72 characters")
                .coded("value")
                .at("projectName"));
        }
        let account = self.without_membership(login).await?;
        if account.row.project != 0 {
            return Err(malformed("who belongs to one project makes no other")
                .coded("business-rule")
                .at("login"));
        }
        let [project, profile, policy, client, membership, clients] =
            [(); 6].map(|()| Uuid::now_v7().to_string());
        let meta = json!({ "project": project });
        let of = |kind: &str, id: &str| json!({ "reference": format!("{kind}/{id}") });
        let mut practitioner = json!({
            "resourceType": "Practitioner", "id": profile, "meta": meta,
            "name": [{ "given": [account.text("firstName").unwrap_or("Admin")], "family": account.text("lastName").unwrap_or(name) }],
        });
        if let Some(email) = account.email() {
            practitioner["telecom"] = json!([{ "system": "email", "use": "work", "value": email }]);
        }
        let resources = vec![
            (
                "Project",
                json!({
                    "resourceType": "Project", "id": project, "name": name, "active": true, "strictMode": true,
                    "owner": { "reference": account.reference() },
                }),
            ),
            ("Practitioner", practitioner),
            (
                "AccessPolicy",
                json!({
                    "resourceType": "AccessPolicy", "id": policy, "meta": meta, "name": "Everything",
                    "resource": [{ "resourceType": "*" }],
                }),
            ),
            (
                "ClientApplication",
                json!({
                    "resourceType": "ClientApplication", "id": client, "meta": meta, "status": "active",
                    "name": format!("{name} Default Client"), "secret": super::random(),
                }),
            ),
            (
                "ProjectMembership",
                json!({
                    "resourceType": "ProjectMembership", "id": membership, "active": true, "admin": true,
                    "project": of("Project", &project), "user": { "reference": account.reference() }, "profile": of("Practitioner", &profile),
                }),
            ),
            (
                "ProjectMembership",
                json!({
                    "resourceType": "ProjectMembership", "id": clients, "active": true, "project": of("Project", &project),
                    "user": of("ClientApplication", &client), "profile": of("ClientApplication", &client),
                    "accessPolicy": of("AccessPolicy", &policy),
                }),
            ),
        ];
        let number = self.engine.store.number_project(&project)?;
        let audit = Audit::new("new-project", Act::Create).agent(account.reference()).project(number);
        system(&self.engine).audited(audit).import(resources).await?;
        self.enter(login, &membership).await
    }

    /// Makes a patient of somebody who has made an account in a project that is open to everybody.
    pub async fn new_patient(&self, login: &str, project: &str) -> Result<Step> {
        let number = self.engine.store.project_number(project)?;
        let number =
            number.ok_or_else(|| malformed("there is no such project").coded("not-found").at("projectId"))?;
        let account = self.without_membership(login).await?;
        if account.row.project != number {
            return Err(malformed("the account is not of this project")
                .coded("business-rule")
                .at("projectId"));
        }
        let policy = self.open_to_patients(number).await?;
        let [profile, membership] = [(); 2].map(|()| Uuid::now_v7().to_string());
        let mut patient = json!({
            "resourceType": "Patient", "id": profile, "meta": { "project": project },
            "name": [{ "given": [account.text("firstName").unwrap_or("?")], "family": account.text("lastName").unwrap_or("?") }],
        });
        if let Some(email) = account.email() {
            patient["telecom"] = json!([{ "system": "email", "value": email }]);
        }
        let member = json!({
            "resourceType": "ProjectMembership", "id": membership, "active": true,
            "project": { "reference": format!("Project/{project}") }, "user": { "reference": account.reference() },
            "profile": { "reference": format!("Patient/{profile}") }, "accessPolicy": policy,
        });
        let audit = Audit::new("new-patient", Act::Create).agent(account.reference()).project(number);
        system(&self.engine)
            .audited(audit)
            .import(vec![("Patient", patient), ("ProjectMembership", member)])
            .await?;
        self.enter(login, &membership).await
    }

    async fn enter(&self, login: &str, membership: &str) -> Result<Step> {
        let made = Membership::read(&self.engine, membership).await?.ok_or_else(wrong)?;
        self.join(login, &made).await
    }

    /// Whose sign-in it is, if it has no membership yet.
    async fn without_membership(&self, login: &str) -> Result<Account> {
        match self.step(login).await? {
            Step::Open { .. } | Step::Verify { .. } => {}
            Step::Factor { .. } | Step::Enroll { .. } => {
                return Err(malformed("the second factor comes first").coded("business-rule").at("login"));
            }
            Step::Done { .. } | Step::Choose { .. } => {
                return Err(malformed("this sign-in has a membership already")
                    .coded("business-rule")
                    .at("login"));
            }
        }
        let unknown = || malformed("there is no such sign-in, or it is over").coded("not-found").at("login");
        let row = member::living(&self.engine, "Login", login).await?.ok_or_else(unknown)?;
        let login = parsed(&row)?;
        self.account(login.pointer("/user/reference").and_then(Value::as_str).unwrap_or_default()).await
    }

    /// The policy of whoever comes on his own, if the project lets anybody in.
    async fn open_to_patients(&self, project: i32) -> Result<Value> {
        let project = member::awake(&self.engine, project).await?;
        let policy = project.and_then(|project| project.get("defaultPatientAccessPolicy").cloned());
        policy.ok_or_else(|| {
            malformed("this project does not let everybody in").coded("business-rule").at("projectId")
        })
    }
}
