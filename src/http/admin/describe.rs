//! The routes of this room, for `/openapi.json`.

use crate::definitions;
use crate::http::openapi::{By, Entry, FHIR, JSON, delete, get, post};

const PROJECT: &str = "/admin/projects/{id}";
const MEMBER: &str = "/admin/projects/{id}/members/{member}";
const INVITATION: &str = "{resourceType: 'Patient'|'Practitioner'|'RelatedPerson', firstName: string, lastName: string, \
    email?: string, externalId?: string, patient?: Reference, scope?: 'project'|'server', password?: string, \
    sendEmail?: boolean, upsert?: boolean, forceNewMembership?: boolean, mfaRequired?: boolean, profile?: Reference, \
    accessPolicy?: Reference, access?: [any], admin?: boolean, membership?: object}";

const KEYS: &str = "{project: string, clientId: string, apiKey: string, ownerToken: string|null, \
    scimToken: string|null}";

/// Later its secret is only written.
const NEW_CLIENT: &str = "{resourceType: 'ClientApplication', id: string, secret: string, *}";

fn usual(entry: Entry) -> Entry {
    entry.by(By::Caller).refuses(&[400, 401, 403, 404, 406])
}

/// With a body, which may clash with what is there.
fn takes(entry: Entry, of: &str) -> Entry {
    usual(entry).takes(JSON, of).refuses(&[409, 410, 412, 413, 415, 422])
}

fn done(entry: Entry) -> Entry {
    entry.gives(200, "It is done", FHIR, "OperationOutcome")
}

pub(in crate::http) fn describe() -> Vec<Entry> {
    let list = |name: &str, of: &str, what: &str| {
        let entry = post(format!("{PROJECT}/{name}"), format!("Puts {what} in the place of those there are"));
        takes(entry, &format!("[{of}]")).gives(200, "The project", FHIR, "Project")
    };
    let member = |entry: Entry| entry.gives(200, "The membership", FHIR, "ProjectMembership");
    let credentials = "{email: string, password: string";
    vec![
        takes(
            post("/admin/projects", "Opens a project with all its keys; for those who run the server"),
            "{name: string, parent?: string, owner?: string, password?: string}",
        )
        .gives(200, "Its keys, shown this once", FHIR, KEYS)
        .refuses(&[429]),
        usual(get(PROJECT, "The project, as its admin sees it")).gives(
            200,
            "Name, settings, secrets, sites",
            FHIR,
            "{project: object}",
        ),
        list("settings", "Project.setting", "settings"),
        list("secrets", "Project.setting", "secrets"),
        list("sites", "Project.site", "sites"),
        takes(post(format!("{PROJECT}/client"), "A client of the project"), "{name: string, *}")
            .gives(201, "The client, its secret shown this once", FHIR, NEW_CLIENT)
            .heading(201, &["Location"]),
        usual(post(format!("{PROJECT}/bot"), "Bots are not offered")),
        member(takes(post(format!("{PROJECT}/invite"), "Makes somebody a member"), INVITATION))
            .refuses(&[424]),
        usual(get(format!("{PROJECT}/members"), "The members; a search for ProjectMembership"))
            .asks("user-name", "[string]", "Like any parameter of that search")
            .with("_count")
            .with("_sort")
            .gives(200, "A page of them", FHIR, "Bundle"),
        member(usual(get(MEMBER, "A member"))),
        member(usual(post(MEMBER, "Changes a membership")))
            .takes_one(&[(JSON, definitions::schema("ProjectMembership"))], true)
            .refuses(&[409, 410, 412, 413, 415, 422]),
        done(usual(delete(MEMBER, "Removes a member"))).refuses(&[409, 412]),
        done(usual(post(format!("{MEMBER}/resetpassword"), "Mails him a link to another password")))
            .refuses(&[409, 424, 429]),
        done(usual(post(format!("{MEMBER}/mfa/reset"), "Takes a second factor from him")))
            .may_take(JSON, "{method?: 'totp'|'email'}")
            .refuses(&[409, 413, 415, 422]),
        done(takes(
            post("/admin/projects/setpassword", "Sets the password of a user of the project's pool"),
            &format!("{credentials}}}"),
        )),
        done(takes(
            post("/admin/super/setpassword", "Sets the password of a user of any pool"),
            &format!("{credentials}, projectId?: string}}"),
        )),
        done(usual(post("/admin/super/reindex", "Makes the index anew, in the background")))
            .with("Prefer")
            .may_take(JSON, "{resourceType?: string}")
            .gives(202, "It is done in the background", FHIR, "OperationOutcome")
            .heading(202, &["Content-Location"])
            .refuses(&[413, 415]),
        usual(post("/admin/super/{what}", "What other servers rebuild, and this one brings along")),
    ]
}
