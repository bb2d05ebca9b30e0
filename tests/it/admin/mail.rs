//! Mail: what it says, where it goes, and what happens when it cannot.

use serde_json::json;

use super::{admin, invitation, invite, invited, local, mailbox};
use crate::sample::with;

fn sent(email: &str) -> serde_json::Value {
    with(local(email), json!({"sendEmail": true}))
}

on_both!(an_invitation_is_mailed_with_a_link, |config| mailbox::into_files(config), |world| {
    invited(world, &sent("ada@example.com"));
    let mails = mailbox::take(world);
    assert_eq!(mails.len(), 1, "{mails:?}");
    for part in
        ["To: ada@example.com", "Subject: Your invitation to Project", "Hello Ada Lovelace", "within 7 days"]
    {
        assert!(mails[0].contains(part), "{part}: {}", mails[0]);
    }
    let (page, request, _) = mailbox::link(&mails[0]);
    assert_eq!(page, "setpassword");
    let kept = world.admin.get(&format!("UserSecurityRequest/{request}")).expect(200).json();
    assert_eq!((&kept["type"], &kept["used"]), (&json!("invite"), &json!(false)));
    // Who waits is told again by an upsert, who has an account hears of the membership.
    invited(world, &with(sent("ada@example.com"), json!({"upsert": true})));
    assert_eq!(mailbox::take(world).len(), 1);
    let body = with(invitation("bob@example.com"), json!({"sendEmail": true}));
    invited(world, &body);
    invite(&world.stranger, &world.other_project, &body).expect(200);
    let mails = mailbox::take(world);
    assert!(mails[1].contains("Subject: You are a member of Other project"), "{mails:?}");
    assert!(!mails[1].contains("/setpassword/"));
});

on_both!(a_project_has_texts_of_its_own, |config| mailbox::into_files(config), |world| {
    let settings = json!([
        {"name": "mail.invite.subject", "valueString": "Come in, {{name}}"},
        {"name": "mail.invite.text", "valueString": "To {{project}} by {{link}}"},
    ]);
    world.admin.post(&admin(world, "settings"), &settings).expect(200);
    invited(world, &sent("ada@example.com"));
    let mail = mailbox::take(world).remove(0);
    assert!(
        mail.contains("Subject: Come in, Ada Lovelace") && mail.contains("To Project by https://"),
        "{mail}"
    );
});

on_both!(no_name_writes_into_the_head_of_a_mail, |config| mailbox::into_files(config), |world| {
    let body = json!({"firstName": "Ada\r\nBcc: eve@example.com\r\n\r\nBuy at https://evil.example/ now"});
    let answer = invite(&world.admin, &world.project, &with(sent("ada@example.com"), body));
    for mail in mailbox::take(world) {
        let head = mail.split("\n\n").next().expect("a head").to_owned();
        assert!(!head.contains("\nBcc:"), "{mail}");
        assert!(!mail.contains("https://evil"), "{mail}");
    }
    assert!(answer.status < 500, "{}", answer.text());
});

/// That the mail is not sent is a failure, and the person is a member all the same.
fn fails_and_stands(world: &crate::world::World) {
    let answer = invite(&world.admin, &world.project, &sent("ada@example.com")).refused(424, "exception");
    assert!(answer.text().contains("stands"), "{}", answer.text());
    let members = world.admin.found("ProjectMembership?user:User.email=ada@example.com");
    assert_eq!(members.len(), 1);
    let again = with(local("ada@example.com"), json!({"upsert": true}));
    let answer = invite(&world.admin, &world.project, &again).expect(200);
    assert!(answer.header("roster-invitation").is_some(), "the invitation can still be used");
}

on_both!(
    mail_into_a_directory_that_is_not_there_is_reported,
    |config| config.mail.transport = "dir:/nonexistent/roster".to_owned(),
    |world| fails_and_stands(world)
);

on_both!(
    mail_to_a_server_that_refuses_is_reported,
    |config| {
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        config.mail.transport = format!("smtp://{}", free.expect("a free port"));
    },
    |world| fails_and_stands(world)
);

on_both!(a_project_names_no_mail_server_inside_of_the_house, |world| {
    let secrets =
        json!([{"name": "smtpHost", "valueString": "127.0.0.1"}, {"name": "smtpPort", "valueInteger": 25}]);
    world.admin.post(&admin(world, "secrets"), &secrets).expect(200);
    fails_and_stands(world);
});
