//! The routes of the platform, all beneath `/api/v1`, where errors are told in its form.

use actix_web::web::{self, ServiceConfig, scope};

use super::{activity, auth, client, org, refusal, role, session, team, user};
use crate::http::dress;
use crate::http::route::{nowhere, on};

pub(in crate::http) fn routes(config: &mut ServiceConfig) {
    config.service(
        scope("/api/v1")
            .wrap_fn(|request, service| dress::around(request, service, refusal::dress))
            .configure(sign_in)
            .configure(directory)
            .default_service(web::to(nowhere)),
    );
}

fn directory(config: &mut ServiceConfig) {
    config
        .service(on("/user", &["GET"]).get(user::users).done())
        .service(on("/user/query", &["POST"]).post(user::query).done())
        .service(on("/user/organizations", &["GET"]).get(user::organizations).done())
        .service(on("/user/pref", &["PUT"]).put(user::pref).done())
        .service(on("/user/profile/{user_id}", &["PUT"]).put(user::profile).done())
        .service(on("/user/{user_id}", &["GET", "DELETE"]).get(user::user).delete(user::remove_user).done())
        .service(
            on("/org/{org_id}", &["GET", "PUT", "DELETE"])
                .get(org::org)
                .put(org::update_org)
                .delete(org::delete_org)
                .done(),
        )
        .service(on("/org/{org_id}/user", &["GET", "POST"]).get(org::members).post(org::add_member).done())
        .service(
            on("/org/{org_id}/user/{user_guid}", &["GET", "PUT", "DELETE"])
                .get(org::member)
                .put(org::update_member)
                .delete(org::remove_member)
                .done(),
        )
        .service(on("/org/{org_id}/user/{user_guid}/primary", &["PUT"]).put(org::make_primary).done())
        .service(on("/role", &["GET"]).get(role::roles).done())
        .service(on("/role/{role_id}", &["GET"]).get(role::role).done())
        .service(on("/team", &["GET", "POST"]).get(team::teams).post(team::create_team).done())
        .service(
            on("/team/{team_id}", &["GET", "PUT", "DELETE"])
                .get(team::team)
                .put(team::update_team)
                .delete(team::delete_team)
                .done(),
        )
        .service(on("/team/{team_id}/user", &["GET"]).get(team::team_members).done())
        .service(
            on("/team/{team_id}/user/{user_id}", &["POST", "PUT", "DELETE"])
                .post(team::add_to_team)
                .put(team::change_in_team)
                .delete(team::leave_team)
                .done(),
        )
        .service(on("/client", &["GET", "POST"]).get(client::clients).post(client::create_client).done())
        .service(
            on("/client/{client_id}", &["GET", "PUT", "DELETE"])
                .get(client::client)
                .put(client::update_client)
                .delete(client::delete_client)
                .done(),
        )
        .service(on("/client/{client_id}/json", &["GET"]).get(client::client_json).done())
        .service(on("/session", &["GET"]).get(auth::own_session).done())
        .service(on("/session/query", &["POST"]).post(session::sessions).done())
        .service(on("/session/{session_id}", &["DELETE"]).delete(session::end_session).done())
        .service(on("/activity", &["GET"]).get(activity::activity).done())
        .service(on("/activity/event", &["GET"]).get(activity::events).done());
}

/// Its routes of sign-in.
fn sign_in(config: &mut ServiceConfig) {
    config
        .service(on("/auth/password_policy", &["GET"]).get(auth::password_policy).done())
        .service(on("/auth/findSession", &["GET"]).get(auth::find_session).done())
        .service(on("/auth/checkSession", &["GET"]).get(auth::check_session).done())
        .service(on("/auth/login", &["POST"]).post(auth::login).done())
        .service(on("/auth/logout", &["GET"]).get(auth::logout).done())
        .service(on("/auth/deviceauth", &["POST"]).post(auth::device_auth).done())
        .service(on("/auth/deviceauth/resend", &["POST"]).post(auth::resend).done())
        .service(on("/auth/forgot", &["POST"]).post(auth::forgot).done())
        .service(on("/auth/activate", &["POST"]).post(auth::activate).done())
        .service(on("/auth/activate/forgot", &["POST"]).post(auth::reset).done())
        .service(on("/auth/activate/resend", &["POST"]).post(auth::resend_activation).done())
        .service(on("/auth/activation/{activation_id}", &["GET"]).get(auth::activation).done())
        .service(on("/auth/mfa/send", &["POST"]).post(auth::send_code).done())
        .service(on("/auth/mfa/verify", &["POST"]).post(auth::verify_code).done())
        .service(
            on("/auth/authenticator", &["GET", "POST", "DELETE"])
                .get(auth::begin_app)
                .post(auth::confirm_app)
                .delete(auth::remove_app)
                .done(),
        )
        .service(on("/auth/validatePassword", &["POST"]).post(auth::validate_password).done())
        .service(on("/auth/terms", &["PUT"]).put(auth::accept_terms).done());
}
