//! The routes of Commerce Layer's Provisioning API.

use actix_web::web::ServiceConfig;

use super::super::route::on;

pub(in crate::http) fn routes(config: &mut ServiceConfig) {
    config
        .service(on("/user", &["GET", "PATCH"]).get(super::user).patch(super::update_user).done())
        .service(
            on("/memberships", &["GET", "POST"])
                .get(super::memberships)
                .post(super::create_membership)
                .done(),
        )
        .service(
            on("/memberships/{id}", &["GET", "PATCH", "DELETE"])
                .get(super::membership)
                .patch(super::update_membership)
                .delete(super::delete_membership)
                .done(),
        )
        .service(on("/memberships/{id}/resend", &["POST"]).post(super::resend_membership).done())
        .service(on("/memberships/{id}/{relation}", &["GET"]).get(super::of_membership).done())
        .service(on("/organizations", &["GET"]).get(super::organizations).done())
        .service(
            on("/organizations/{id}", &["GET", "PATCH"])
                .get(super::organization)
                .patch(super::update_organization)
                .done(),
        )
        .service(
            on("/organizations/{id}/transfer_ownership", &["PATCH"])
                .patch(super::transfer_organization)
                .done(),
        )
        .service(on("/organizations/{id}/{relation}", &["GET"]).get(super::of_organization).done())
        .service(on("/roles", &["GET", "POST"]).get(super::roles).post(super::create_role).done())
        .service(on("/roles/{id}", &["GET", "PATCH"]).get(super::role).patch(super::update_role).done())
        .service(on("/roles/{id}/{relation}", &["GET"]).get(super::of_role).done())
        .service(
            on("/api_credentials", &["GET", "POST"])
                .get(super::credentials)
                .post(super::create_credential)
                .done(),
        )
        .service(
            on("/api_credentials/{id}", &["GET", "PATCH", "DELETE"])
                .get(super::credential)
                .patch(super::update_credential)
                .delete(super::delete_credential)
                .done(),
        )
        .service(on("/api_credentials/{id}/{relation}", &["GET"]).get(super::of_credential).done())
        .service(
            on("/permissions", &["GET", "POST"])
                .get(super::permissions)
                .post(super::create_permission)
                .done(),
        )
        .service(
            on("/permissions/{id}", &["GET", "PATCH"])
                .get(super::permission)
                .patch(super::update_permission)
                .done(),
        )
        .service(on("/permissions/{id}/{relation}", &["GET"]).get(super::of_permission).done())
        .service(
            on("/application_memberships", &["GET", "POST"])
                .get(super::application_memberships)
                .post(super::create_application_membership)
                .done(),
        )
        .service(
            on("/application_memberships/{id}", &["GET", "PATCH", "DELETE"])
                .get(super::application_membership)
                .patch(super::update_application_membership)
                .delete(super::delete_application_membership)
                .done(),
        )
        .service(
            on("/application_memberships/{id}/{relation}", &["GET"])
                .get(super::of_application_membership)
                .done(),
        )
        .service(on("/webhooks", &["GET", "POST"]).get(super::webhooks).post(super::create_webhook).done())
        .service(
            on("/webhooks/{id}", &["GET", "PATCH", "DELETE"])
                .get(super::webhook)
                .patch(super::update_webhook)
                .delete(super::delete_webhook)
                .done(),
        )
        .service(on("/webhooks/{id}/last_event_callbacks", &["GET"]).get(super::last_event_callbacks).done())
        .service(on("/event_callbacks/{id}", &["GET"]).get(super::event_callback).done())
        .service(on("/event_callbacks/{id}/webhook", &["GET"]).get(super::callback_webhook).done())
        .service(on("/versions", &["GET"]).get(super::versions).done())
        .service(on("/versions/{id}", &["GET"]).get(super::version).done());
}
