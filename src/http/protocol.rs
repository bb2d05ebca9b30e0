//! The routes of Commerce Layer's and of Truto's rooms, for the page of all routes.

use actix_web::web::ServiceConfig;

use super::route::on;
use super::{commerce_layer, truto};

/// The routes of Commerce Layer's Provisioning API.
pub(super) fn provisioning(config: &mut ServiceConfig) {
    use commerce_layer as room;
    config
        .service(on("/user", &["GET", "PATCH"]).get(room::user).patch(room::update_user).done())
        .service(
            on("/memberships", &["GET", "POST"]).get(room::memberships).post(room::create_membership).done(),
        )
        .service(
            on("/memberships/{id}", &["GET", "PATCH", "DELETE"])
                .get(room::membership)
                .patch(room::update_membership)
                .delete(room::delete_membership)
                .done(),
        )
        .service(on("/memberships/{id}/resend", &["POST"]).post(room::resend_membership).done())
        .service(on("/memberships/{id}/{relation}", &["GET"]).get(room::of_membership).done())
        .service(on("/organizations", &["GET"]).get(room::organizations).done())
        .service(
            on("/organizations/{id}", &["GET", "PATCH"])
                .get(room::organization)
                .patch(room::update_organization)
                .done(),
        )
        .service(
            on("/organizations/{id}/transfer_ownership", &["PATCH"])
                .patch(room::transfer_organization)
                .done(),
        )
        .service(on("/organizations/{id}/{relation}", &["GET"]).get(room::of_organization).done())
        .service(on("/roles", &["GET", "POST"]).get(room::roles).post(room::create_role).done())
        .service(on("/roles/{id}", &["GET", "PATCH"]).get(room::role).patch(room::update_role).done())
        .service(on("/roles/{id}/{relation}", &["GET"]).get(room::of_role).done())
        .service(
            on("/api_credentials", &["GET", "POST"])
                .get(room::credentials)
                .post(room::create_credential)
                .done(),
        )
        .service(
            on("/api_credentials/{id}", &["GET", "PATCH", "DELETE"])
                .get(room::credential)
                .patch(room::update_credential)
                .delete(room::delete_credential)
                .done(),
        )
        .service(on("/api_credentials/{id}/{relation}", &["GET"]).get(room::of_credential).done())
        .service(on("/versions", &["GET"]).get(room::versions).done())
        .service(on("/versions/{id}", &["GET"]).get(room::version).done());
}

/// The routes of Truto's unified user directory.
pub(super) fn unified(config: &mut ServiceConfig) {
    config
        .service(on("/me", &["GET"]).get(truto::me).done())
        .service(on("/users", &["GET", "POST"]).get(truto::users).post(truto::create_user).done())
        .service(
            on("/users/{id}", &["GET", "PATCH", "DELETE"])
                .get(truto::user)
                .patch(truto::update_user)
                .delete(truto::delete_user)
                .done(),
        )
        .service(on("/roles", &["GET", "POST"]).get(truto::roles).post(truto::create_role).done())
        .service(
            on("/roles/{id}", &["GET", "PATCH", "DELETE"])
                .get(truto::role)
                .patch(truto::update_role)
                .delete(truto::delete_role)
                .done(),
        )
        .service(on("/groups", &["GET"]).get(truto::groups).done())
        .service(on("/groups/{id}", &["GET"]).get(truto::group).done())
        .service(on("/organizations", &["GET"]).get(truto::organizations).done())
        .service(on("/organizations/{id}", &["GET"]).get(truto::organization).done())
        .service(on("/workspaces", &["GET"]).get(truto::workspaces).done())
        .service(on("/workspaces/{id}", &["GET"]).get(truto::workspace).done())
        .service(on("/activities", &["GET"]).get(truto::activities).done())
        .service(on("/activities/{id}", &["GET"]).get(truto::activity).done())
        .service(on("/licenses", &["GET"]).get(truto::licences).done())
        .service(on("/licenses/{id}", &["GET"]).get(truto::licence).done());
}
