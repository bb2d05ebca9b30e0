//! The routes of SCIM (<https://www.rfc-editor.org/rfc/rfc7644#section-3.2>).

use actix_web::web::{self, ServiceConfig, scope};

use super::super::route::{nowhere, on};
use super::refusal::dressed;

/// The routes of SCIM.
pub(in crate::http) fn routes(config: &mut ServiceConfig) {
    let scim = scope("/scim/v2")
        .wrap_fn(dressed)
        .service(on("/ServiceProviderConfig", &["GET"]).get(super::service_provider_config).done())
        .service(on("/ResourceTypes", &["GET"]).get(super::resource_types).done())
        .service(on("/ResourceTypes/{id}", &["GET"]).get(super::resource_type).done())
        .service(on("/Schemas", &["GET"]).get(super::schemas).done())
        .service(on("/Schemas/{id}", &["GET"]).get(super::schema_by_id).done())
        .service(
            on("/Me", &["GET", "POST", "PUT", "PATCH", "DELETE"])
                .get(super::who)
                .post(super::post_me)
                .put(super::put_me)
                .patch(super::patch_me)
                .delete(super::delete_me)
                .done(),
        )
        .service(on("/Bulk", &["POST"]).post(super::bulk).done())
        .service(on("/.search", &["POST"]).post(super::search_all).done())
        .service(on("/Users", &["GET", "POST"]).get(super::users).post(super::create_user).done())
        .service(on("/Users/.search", &["POST"]).post(super::search_users).done())
        .service(
            on("/Users/{id}", &["GET", "PUT", "PATCH", "DELETE"])
                .get(super::user_by_id)
                .put(super::put_user)
                .patch(super::patch_user)
                .delete(super::delete_user)
                .done(),
        )
        .service(on("/Groups", &["GET", "POST"]).get(super::groups).post(super::create_group).done())
        .service(on("/Groups/.search", &["POST"]).post(super::search_groups).done())
        .service(
            on("/Groups/{id}", &["GET", "PUT", "PATCH", "DELETE"])
                .get(super::group_by_id)
                .put(super::put_group)
                .patch(super::patch_group)
                .delete(super::delete_group)
                .done(),
        )
        .default_service(web::to(nowhere));
    config.service(scim);
}
