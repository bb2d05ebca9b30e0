//! Domains of organizations, and how the DNS proves them.

use serde_json::json;

use super::{app, ids, refused};
use crate::database::Engine;
use crate::dns::Dns;
use crate::world::World;

fn on(engine: Engine) {
    let dns = Dns::serve();
    let world = World::with(engine, |config| config.dns = Some(dns.address));
    let app = app(&world, "Domains");
    let home = app.organization("Acme");
    let made = json!({"organization_id": home["id"], "domain": "acme.example"});
    let domain = app.post("/organization_domains", made).expect(201).json();
    assert_eq!((&domain["state"], &domain["verification_strategy"]), (&json!("pending"), &json!("dns")));
    let place = format!("/organization_domains/{}", domain["id"].as_str().expect("an id"));
    let verify = || app.post(&format!("{place}/verify"), json!({})).expect(200).json();
    // Nobody knows the domain, then it has other texts, or the token of another.
    assert_eq!(verify(), domain);
    dns.says("acme.example", &["v=spf1 -all", "verification_token=0123"]);
    assert_eq!(verify(), domain);
    let token = domain["verification_token"].as_str().expect("a token");
    dns.says("acme.example", &["v=spf1 -all", &format!("verification_token={token}")]);
    let verified = verify();
    assert_eq!((&verified["state"], &verified["verification_strategy"]), (&json!("verified"), &json!("dns")));
    assert_eq!(app.get(&place).expect(200).json(), verified);
    // It stays so when the text is gone, and when its organization says it once more.
    dns.says("acme.example", &[]);
    assert_eq!(verify(), verified);
    let said = json!({"domain_data": [{"domain": "acme.example", "state": "verified"}]});
    let organization = format!("/organizations/{}", home["id"].as_str().expect("an id"));
    let domains = app.put(&organization, said).expect(200).json()["domains"].clone();
    assert_eq!(domains[0], verified);
    let event = app.get("/events?events=organization_domain.verified").expect(200).json();
    assert_eq!(ids(&event).len(), 1);
    assert_eq!(event["data"][0]["data"], verified);
    // What the organization says of itself no DNS has proved.
    let said = json!({"name": "Two", "domain_data": [{"domain": "two.example", "state": "verified"}]});
    let two = app.post("/organizations", said).expect(201).json();
    assert_eq!(two["domains"][0]["verification_strategy"], "manual");
}

#[test]
fn a_domain_is_proved_by_the_dns_on_sqlite() {
    on(Engine::Sqlite);
}

#[test]
fn a_domain_is_proved_by_the_dns_on_postgres() {
    on(Engine::Postgres);
}

#[test]
fn a_dns_that_is_silent_is_no_fault_of_the_domain() {
    // A port that nobody listens on.
    let taken =
        std::net::UdpSocket::bind("127.0.0.1:0").expect("a free port").local_addr().expect("an address");
    let world = World::with(Engine::Sqlite, |config| config.dns = Some(taken));
    let app = app(&world, "Domains");
    let home = app.organization("Acme");
    let made = json!({"organization_id": home["id"], "domain": "acme.example"});
    let domain = app.post("/organization_domains", made).expect(201).json();
    let place = format!("/organization_domains/{}", domain["id"].as_str().expect("an id"));
    refused(app.post(&format!("{place}/verify"), json!({})), 503, "service_unavailable");
    assert_eq!(app.get(&place).expect(200).json(), domain);
}
