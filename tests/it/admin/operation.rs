//! Operations of admins: another e-mail, another pool, another secret, another project.

use serde_json::{Value, json};

use super::{admin, invitation, invite, invited, local, mailbox, reference};
use crate::client::{Answer, Client, id, place};
use crate::sample::with;
use crate::world::{register, token};

fn call(client: &Client, place: &str, parameters: &[(&str, Value)]) -> Answer {
    let list: Vec<Value> = parameters
        .iter()
        .map(|(name, value)| match value {
            Value::Bool(_) => json!({"name": name, "valueBoolean": value}),
            Value::Object(_) => json!({"name": name, "valueReference": value}),
            _ => json!({"name": name, "valueString": value}),
        })
        .collect();
    client.post(place, &json!({"resourceType": "Parameters", "parameter": list}))
}

fn project(id: &str) -> Value {
    json!({"reference": format!("Project/{id}")})
}

on_both!(an_admin_gives_a_user_another_email, |config| mailbox::into_files(config), |world| {
    let membership = invited(world, &local("ada@example.com"));
    let user = reference(&membership, "user").to_owned();
    let update =
        |parameters: &[(&str, Value)]| call(&world.admin, &format!("{user}/$update-email"), parameters);
    let told = update(&[("email", json!("Countess@Example.com")), ("updateProfileTelecom", json!(true))])
        .expect(200)
        .json();
    assert_eq!((&told["email"], &told["emailVerified"]), (&json!("countess@example.com"), &json!(false)));
    let mails = mailbox::take(world);
    assert!(
        mails[0].contains("To: countess@example.com") && mailbox::link(&mails[0]).0 == "verifyemail",
        "{mails:?}"
    );
    assert!(mails[1].contains("To: ada@example.com") && mails[1].contains("was changed"), "{mails:?}");
    let profile = world.admin.get(reference(&membership, "profile")).expect(200).json();
    assert_eq!(profile["telecom"][0]["use"], "old");
    assert_eq!(
        profile["telecom"][1],
        json!({"system": "email", "use": "work", "value": "countess@example.com"})
    );

    update(&[("email", json!("countess@example.com"))]).expect(400);
    update(&[]).refused(400, "required").at("email");
    update(&[("email", json!("no address"))]).expect(422);
    update(&[("email", json!("x@example.com")), ("nonsense", json!("x"))]).expect(400);
    invited(world, &local("bob@example.com"));
    update(&[("email", json!("bob@example.com"))]).refused(409, "duplicate");
    mailbox::take(world);
    update(&[("email", json!("q@example.com")), ("skipEmailVerification", json!(true))]).expect(200);
    assert_eq!(mailbox::take(world).len(), 1, "the old address alone is told");
});

on_both!(whose_email_is_not_an_admins_to_change_stays, |world| {
    let own = reference(&invited(world, &local("ada@example.com")), "user").to_owned();
    let guest = reference(&invited(world, &invitation("guest@example.com")), "user").to_owned();
    let to = [("email", json!("x@example.com"))];
    call(&world.anonymous, &format!("{own}/$update-email"), &to).expect(401);
    call(&world.member, &format!("{own}/$update-email"), &to).expect(403);
    call(&world.stranger, &format!("{own}/$update-email"), &to).expect(404);
    call(&world.admin, &format!("{guest}/$update-email"), &to).expect(403);
    call(&world.stranger, &format!("{guest}/$update-email"), &to).expect(404);
    call(&world.admin, "User/none/$update-email", &to).expect(404);
    call(&world.super_admin, &format!("{guest}/$update-email"), &to).expect(200);
});

on_both!(a_user_moves_to_the_pool_of_the_server_and_back, |world| {
    let membership =
        invited(world, &with(local("ada@example.com"), json!({"password": "correct horse battery staple"})));
    let user = reference(&membership, "user").to_owned();
    let rescope =
        |client: &Client, parameters: &[(&str, Value)]| call(client, &format!("{user}/$rescope"), parameters);
    rescope(&world.stranger, &[("scope", json!("server"))]).expect(404);
    rescope(&world.member, &[("scope", json!("server"))]).expect(403);
    rescope(&world.admin, &[("scope", json!("nowhere"))]).expect(400).at("scope");
    rescope(&world.admin, &[("scope", json!("project"))]).expect(400).at("project");
    rescope(&world.admin, &[("scope", json!("project")), ("project", project(&world.project))]).expect(403);
    rescope(&world.super_admin, &[("scope", json!("project")), ("project", project(&world.project))])
        .expect(400);

    let moved = rescope(&world.admin, &[("scope", json!("server"))]).expect(200).json();
    assert!(moved["project"].is_null());
    assert_eq!(moved["id"], id(&world.super_admin.get(&user).expect(200).json()));
    // What one project said of him proves nothing to the others.
    assert_eq!(moved["emailVerified"], false);
    let hashes =
        world.database.dump()["credential"].iter().filter(|row| row.contains("passwordHash")).count();
    assert_eq!(hashes, 1, "that of the first administrator");
    let guest = world.admin.get(&user).expect(200).json();
    assert_eq!(guest["email"], "ada@example.com");
    assert_eq!(world.admin.found("User?email=ada@example.com"), [id(&guest)]);
    rescope(&world.admin, &[("scope", json!("server"))]).expect(403);
    rescope(&world.super_admin, &[("scope", json!("server"))]).expect(400);

    let into = |id: &str| [("scope", json!("project")), ("project", project(id))];
    rescope(&world.super_admin, &into("none")).expect(404);
    rescope(&world.super_admin, &into(&world.other_project)).expect(400);
    let back = rescope(&world.super_admin, &into(&world.project)).expect(200).json();
    assert_eq!(reference(&back, "project"), format!("Project/{}", world.project));
    assert_eq!(id(&world.admin.get(&user).expect(200).json()), id(&guest));
    world.super_admin.get(&user).expect(200);
});

on_both!(a_user_does_not_move_to_where_his_email_is_taken, |world| {
    let user = reference(&invited(world, &local("ada@example.com")), "user").to_owned();
    invite(&world.stranger, &world.other_project, &invitation("ada@example.com")).expect(200);
    call(&world.admin, &format!("{user}/$rescope"), &[("scope", json!("server"))]).refused(409, "duplicate");
    assert_eq!(
        reference(&world.admin.get(&user).expect(200).json(), "project"),
        format!("Project/{}", world.project)
    );
});

on_both!(a_client_gets_another_secret_and_the_old_one_retires, |world| {
    let (client, secret) = register(&world.super_admin, &world.project, false);
    let rotate = |caller: &Client, parameters: &[(&str, Value)]| {
        call(caller, &format!("ClientApplication/{client}/$rotate-secret"), parameters)
    };
    rotate(&world.stranger, &[]).expect(404);
    rotate(&world.member, &[]).expect(403);
    let fresh = rotate(&world.admin, &[]).expect(200).json()["secret"].as_str().expect("a secret").to_owned();
    assert_ne!(fresh, secret);
    token(&world.anonymous, &client, &fresh);
    token(&world.anonymous, &client, &secret);
    assert!(rotate(&world.admin, &[("finish", json!(true))]).expect(200).json()["secret"].is_null());
    token(&world.anonymous, &client, &fresh);
    let form = format!("grant_type=client_credentials&client_id={client}&client_secret={secret}");
    world.anonymous.call("POST", "/oauth2/token").form(&form).send().expect(401);
    let read = world.admin.get(&format!("ClientApplication/{client}")).expect(200);
    assert!(!read.text().contains(&fresh));
});

on_both!(a_super_admin_makes_a_project_with_an_owner, |world| {
    let owner = reference(&invited(world, &invitation("ada@example.com")), "user").to_owned();
    let local = reference(&invited(world, &local("bob@example.com")), "user").to_owned();
    call(&world.admin, "Project/$init", &[("name", json!("P"))]).expect(403);
    call(&world.super_admin, "Project/$init", &[]).expect(400).at("name");
    let by = |user: &str| [("name", json!("Clinic")), ("owner", json!({"reference": user}))];
    call(&world.super_admin, "Project/$init", &by(&local)).expect(400);
    call(&world.super_admin, "Project/$init", &by("User/00000000-0000-7000-8000-00000000dead")).expect(404);
    let made = call(&world.super_admin, "Project/$init", &by(&owner)).expect(201).json();
    assert_eq!((&made["name"], reference(&made, "owner")), (&json!("Clinic"), owner.as_str()));
    let members = world.super_admin.search(&format!("ProjectMembership?project=Project/{}", id(&made)));
    assert_eq!(members.len(), 2);
    let his = members.iter().find(|one| reference(one, "user") == owner).expect("a membership");
    assert_eq!(his["admin"], true);
    world.super_admin.get(reference(his, "profile")).expect(200);
    assert!(world.admin.found(&format!("ProjectMembership?user={owner}")).len() == 1);
});

on_both!(a_project_is_copied_without_its_people, |world| {
    let policy = world.admin.create(&json!({"resourceType": "AccessPolicy", "name": "P"}));
    let based =
        json!({"resourceType": "AccessPolicy", "name": "Q", "basedOn": [{"reference": place(&policy)}]});
    world.admin.create(&based);
    invited(world, &local("ada@example.com"));
    world
        .admin
        .post(&admin(world, "settings"), &json!([{"name": "colour", "valueString": "blue"}]))
        .expect(200);
    world
        .admin
        .post(&admin(world, "secrets"), &json!([{"name": "key", "valueString": "SENTINEL"}]))
        .expect(200);
    let clone = format!("Project/{}/$clone", world.project);
    call(&world.admin, &clone, &[]).expect(403);
    call(&world.super_admin, &clone, &[("resourceTypes", json!("User"))]).expect(400);
    call(&world.super_admin, "Project/none/$clone", &[]).expect(404);
    let copy = call(&world.super_admin, &clone, &[("name", json!("Copy"))]).expect(201).json();
    assert_eq!((&copy["name"], &copy["setting"][0]["name"]), (&json!("Copy"), &json!("colour")));
    assert!(!copy.to_string().contains("SENTINEL"));
    let inside = register(&world.super_admin, &id(&copy), true);
    let inside = Client::with_token(&world.server.address, &token(&world.anonymous, &inside.0, &inside.1));
    let policies = inside.search("AccessPolicy?_sort=name");
    assert_eq!(policies.len(), 2);
    assert_eq!(policies[1]["basedOn"][0]["reference"], place(&policies[0]));
    assert_ne!(id(&policies[0]), id(&policy));
    assert!(inside.found("User").is_empty() && inside.found("Practitioner").is_empty());
});
