//! A second, small project in the database of the big one, made over HTTP: does it pay for the big one?

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;

use anyhow::{Context, Result, ensure};
use roster::demo::Population;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::client::{Connection, json, request};
use crate::seed::Access;
use crate::server::{CLIENT_ID, CLIENT_SECRET, Server};

/// A project with a client, and the first so many of the population in it.
pub async fn fill(server: &Server, users: u64) -> Result<Access> {
    let connection = &mut Connection::open(server.address).await?;
    let root = server.token(CLIENT_ID, CLIENT_SECRET).await?;
    let secret = Uuid::new_v4().to_string();
    let small = json!({ "resourceType": "Project", "name": "Small clinic", "active": true });
    let project = create(connection, &root, &small).await?;
    let client = json!({
        "resourceType": "ClientApplication",
        "meta": { "project": project },
        "status": "active",
        "name": "Client of the small clinic",
        "secret": secret,
    });
    let client = create(connection, &root, &client).await?;
    let reference = json!({ "reference": format!("ClientApplication/{client}") });
    let membership = json!({
        "resourceType": "ProjectMembership",
        "project": { "reference": format!("Project/{project}") },
        "user": reference,
        "profile": reference,
        "active": true,
        "admin": true,
    });
    create(connection, &root, &membership).await?;
    let access = Access { project, client_id: client, client_secret: secret };
    let token = server.token(&access.client_id, &access.client_secret).await?;
    let numbers = Rc::new(RefCell::new(0..users));
    let tasks: Vec<_> = (0..16)
        .map(|_| actix_web::rt::spawn(admit(server.address, token.clone(), Rc::clone(&numbers))))
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(access)
}

async fn admit(address: SocketAddr, token: String, numbers: Rc<RefCell<std::ops::Range<u64>>>) -> Result<()> {
    let population = Population::default();
    let mut connection = Connection::open(address).await?;
    loop {
        let Some(n) = numbers.borrow_mut().next() else { return Ok(()) };
        create(&mut connection, &token, &population.user(n)).await?;
    }
}

/// The id of what was created.
async fn create(connection: &mut Connection, token: &str, resource: &Value) -> Result<String> {
    let kind = resource["resourceType"].as_str().context("no resourceType")?;
    let bytes = request("POST", &format!("/fhir/R4/{kind}"), token, "", &resource.to_string());
    let (status, _, body) = connection.call(&bytes).await?;
    let created = json(&body)?;
    ensure!(status == 201, "{kind}: {status} {created}");
    Ok(created["id"].as_str().context("no id")?.to_owned())
}
