//! The routes of Truto's unified user directory.

use actix_web::web::ServiceConfig;

use super::super::route::on;

pub(in crate::http) fn routes(config: &mut ServiceConfig) {
    config
        .service(on("/me", &["GET"]).get(super::user::me).done())
        .service(on("/users", &["GET", "POST"]).get(super::user::users).post(super::user::create_user).done())
        .service(
            on("/users/{id}", &["GET", "PATCH", "DELETE"])
                .get(super::user::user)
                .patch(super::user::update_user)
                .delete(super::user::delete_user)
                .done(),
        )
        .service(on("/roles", &["GET", "POST"]).get(super::role::roles).post(super::role::create_role).done())
        .service(
            on("/roles/{id}", &["GET", "PATCH", "DELETE"])
                .get(super::role::role)
                .patch(super::role::update_role)
                .delete(super::role::delete_role)
                .done(),
        )
        .service(on("/groups", &["GET"]).get(super::group::groups).done())
        .service(on("/groups/{id}", &["GET"]).get(super::group::group).done())
        .service(on("/organizations", &["GET"]).get(super::project::organizations).done())
        .service(on("/organizations/{id}", &["GET"]).get(super::project::organization).done())
        .service(on("/workspaces", &["GET"]).get(super::project::workspaces).done())
        .service(on("/workspaces/{id}", &["GET"]).get(super::project::workspace).done())
        .service(on("/activities", &["GET"]).get(super::activity::activities).done())
        .service(on("/activities/{id}", &["GET"]).get(super::activity::activity).done())
        .service(on("/licenses", &["GET"]).get(super::licence::licences).done())
        .service(on("/licenses/{id}", &["GET"]).get(super::licence::licence).done());
}
