//! The dialect of WorkOS, at the root of the origin: people, organizations and their members as its SDKs know them
//! (`@workos-inc/node`, `workos` of PyPI). An organization is a child project, a membership a ProjectMembership, a role an
//! AccessPolicy with a slug, a session a Login.
//!
//! A caller shows the API key of an admin of a project, and sees that project and its children, no other.

mod asked;
mod authenticate;
mod authorization;
mod caller;
mod describe;
mod event;
mod factor;
mod id;
mod invitation;
mod list;
mod membership;
mod moment;
mod once;
mod organization;
mod record;
mod refusal;
mod session;
mod user;
mod verification;

use actix_web::HttpRequest;
use actix_web::web::{self, ServiceConfig, scope};

use super::route::{nowhere, on};
pub(super) use describe::describe;
pub(super) use event::Webhooks;
pub use once::Answers;
pub(super) use once::Turn;
pub(super) use refusal::{dressed, owns, panicked};

/// The routes. What is not among them is refused in these words, too.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(scope("/user_management").configure(user_management).default_service(web::to(nowhere)))
        .service(
            on("/organizations", &["GET", "POST"]).get(organization::list).post(organization::create).done(),
        )
        .service(
            on("/organizations/external_id/{external}", &["GET"]).get(organization::by_external_id).done(),
        )
        .service(
            on("/organizations/{organization}", &["GET", "PUT", "DELETE"])
                .get(organization::read)
                .put(organization::update)
                .delete(organization::delete)
                .done(),
        )
        .service(
            on("/organizations/{organization}/roles", &["GET"]).get(authorization::of_organization).done(),
        )
        .service(on("/organization_domains", &["POST"]).post(organization::create_domain).done())
        .service(
            on("/organization_domains/{domain}", &["GET", "DELETE"])
                .get(organization::read_domain)
                .delete(organization::delete_domain)
                .done(),
        )
        .service(on("/organization_domains/{domain}/verify", &["POST"]).post(organization::verify).done())
        .service(scope("/authorization").configure(authorization).default_service(web::to(nowhere)))
        .service(on("/auth/factors/enroll", &["POST"]).post(factor::enroll).done())
        .service(
            on("/auth/factors/{factor}", &["GET", "DELETE"]).get(factor::read).delete(factor::delete).done(),
        )
        .service(on("/auth/factors/{factor}/challenge", &["POST"]).post(factor::challenge).done())
        .service(on("/auth/challenges/{challenge}/verify", &["POST"]).post(factor::verify).done())
        .service(on("/sso/jwks/{client}", &["GET"]).get(session::jwks).done())
        .service(on("/events", &["GET"]).get(event::list).done())
        .service(
            on("/webhook_endpoints", &["GET", "POST"])
                .get(event::endpoints)
                .post(event::create_endpoint)
                .done(),
        )
        .service(
            on("/webhook_endpoints/{endpoint}", &["PATCH", "DELETE"])
                .patch(event::update_endpoint)
                .delete(event::delete_endpoint)
                .done(),
        );
}

fn authorization(config: &mut ServiceConfig) {
    config
        .service(
            on("/permissions", &["GET", "POST"])
                .get(authorization::permissions)
                .post(authorization::create_permission)
                .done(),
        )
        .service(
            on("/permissions/{slug}", &["GET", "PATCH", "DELETE"])
                .get(authorization::permission)
                .patch(authorization::update_permission)
                .delete(authorization::delete_permission)
                .done(),
        )
        .service(
            on("/roles", &["GET", "POST"]).get(authorization::roles).post(authorization::create_role).done(),
        )
        .service(
            on("/roles/{slug}", &["GET", "PATCH"])
                .get(authorization::role)
                .patch(authorization::update_role)
                .done(),
        )
        .service(
            on("/roles/{slug}/permissions", &["POST", "PUT"])
                .post(authorization::add_permission)
                .put(authorization::set_permissions)
                .done(),
        )
        .service(
            on("/organizations/{organization}/roles", &["GET", "POST"])
                .get(authorization::roles)
                .post(authorization::create_role)
                .done(),
        )
        .service(
            on("/organizations/{organization}/roles/{slug}", &["GET", "PATCH", "DELETE"])
                .get(authorization::role)
                .patch(authorization::update_role)
                .delete(authorization::delete_role)
                .done(),
        )
        .service(
            on("/organizations/{organization}/roles/{slug}/permissions", &["POST", "PUT"])
                .post(authorization::add_permission)
                .put(authorization::set_permissions)
                .done(),
        )
        .service(
            on("/organizations/{organization}/roles/{slug}/permissions/{permission}", &["DELETE"])
                .delete(authorization::remove_permission)
                .done(),
        );
}

fn user_management(config: &mut ServiceConfig) {
    config
        .service(on("/users", &["GET", "POST"]).get(user::list).post(user::create).done())
        .service(on("/users/external_id/{external}", &["GET"]).get(user::by_external_id).done())
        .service(
            on("/users/{user}", &["GET", "PUT", "DELETE"])
                .get(user::read)
                .put(user::update)
                .delete(user::delete)
                .done(),
        )
        .service(on("/users/{user}/identities", &["GET"]).get(user::identities).done())
        .service(on("/users/{user}/sessions", &["GET"]).get(session::list).done())
        .service(
            on("/users/{user}/auth_factors", &["GET", "POST"])
                .get(factor::list)
                .post(factor::enroll_of)
                .done(),
        )
        .service(on("/users/{user}/email_verification/send", &["POST"]).post(verification::send).done())
        .service(on("/users/{user}/email_verification/confirm", &["POST"]).post(verification::confirm).done())
        .service(on("/users/{user}/email_change/send", &["POST"]).post(verification::change_send).done())
        .service(
            on("/users/{user}/email_change/confirm", &["POST"]).post(verification::change_confirm).done(),
        )
        .service(on("/email_verification/{verification}", &["GET"]).get(verification::read).done())
        .service(on("/magic_auth", &["POST"]).post(verification::magic).done())
        .service(on("/magic_auth/{magic}", &["GET"]).get(verification::read_magic).done())
        .service(on("/password_reset", &["POST"]).post(verification::begin_reset).done())
        .service(on("/password_reset/confirm", &["POST"]).post(verification::reset).done())
        .service(on("/password_reset/{reset}", &["GET"]).get(verification::read_reset).done())
        .service(on("/authenticate", &["POST"]).post(authenticate::authenticate).done())
        .service(on("/authorize", &["GET"]).get(session::authorize).done())
        .service(on("/authorize/device", &["POST"]).post(session::device).done())
        .service(on("/sessions/revoke", &["POST"]).post(session::revoke).done())
        .service(on("/sessions/logout", &["GET"]).get(session::logout).done())
        .service(on("/invitations", &["GET", "POST"]).get(invitation::list).post(invitation::create).done())
        .service(on("/invitations/by_token/{token}", &["GET"]).get(invitation::by_token).done())
        .service(on("/invitations/{invitation}", &["GET"]).get(invitation::read).done())
        .service(on("/invitations/{invitation}/accept", &["POST"]).post(invitation::accept).done())
        .service(on("/invitations/{invitation}/resend", &["POST"]).post(invitation::resend).done())
        .service(on("/invitations/{invitation}/revoke", &["POST"]).post(invitation::revoke).done())
        .service(
            on("/organization_memberships", &["GET", "POST"])
                .get(membership::list)
                .post(membership::create)
                .done(),
        )
        .service(
            on("/organization_memberships/{membership}", &["GET", "PUT", "DELETE"])
                .get(membership::read)
                .put(membership::update)
                .delete(membership::delete)
                .done(),
        )
        .service(
            on("/organization_memberships/{membership}/deactivate", &["PUT"])
                .put(membership::deactivate)
                .done(),
        )
        .service(
            on("/organization_memberships/{membership}/reactivate", &["PUT"])
                .put(membership::reactivate)
                .done(),
        );
}

/// A part of the address.
fn part(request: &HttpRequest, name: &str) -> String {
    request.match_info().get(name).unwrap_or_default().to_owned()
}
