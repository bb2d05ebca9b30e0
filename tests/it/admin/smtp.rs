//! A mail server that takes one mail after the other (<https://www.rfc-editor.org/rfc/rfc5321>).

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use roster::config::Config;
use serde_json::json;

use super::{invited, local};
use crate::sample::with;

/// Its address, and what it is told, mail by mail.
fn start() -> (String, Receiver<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            talk(stream.expect("a caller"), &sender);
        }
    });
    (address, receiver)
}

fn talk(mut stream: TcpStream, mails: &Sender<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
    let mut said = Vec::new();
    let mut data = false;
    stream.write_all(b"220 mail.test ESMTP\r\n").expect("a listener");
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            break;
        }
        let line = line.trim_end().to_owned();
        let answer = match line.as_str() {
            "." if data => {
                data = false;
                "250 taken"
            }
            _ if data => "",
            "DATA" => {
                data = true;
                "354 go on"
            }
            "QUIT" => "221 good bye",
            line if line.starts_with("EHLO") => "250 mail.test",
            _ => "250 well",
        };
        said.push(line);
        if !answer.is_empty() && stream.write_all(format!("{answer}\r\n").as_bytes()).is_err() {
            break;
        }
        if answer.starts_with("250 taken") {
            // Whoever waits for it has it or is gone.
            let _ = mails.send(std::mem::take(&mut said));
        }
    }
}

thread_local! {
    static MAILS: std::cell::RefCell<Option<Receiver<Vec<String>>>> = const { std::cell::RefCell::new(None) };
}

fn by_smtp(config: &mut Config) {
    let (address, mails) = start();
    config.mail.transport = format!("smtp://{address}");
    MAILS.with(|kept| kept.replace(Some(mails)));
}

on_both!(mail_goes_out_by_smtp, |config| by_smtp(config), |world| {
    invited(world, &with(local("ada@example.com"), json!({"sendEmail": true})));
    let mails = MAILS.with(|kept| kept.take()).expect("a server");
    let said = mails.recv_timeout(std::time::Duration::from_secs(30)).expect("a mail");
    assert!(
        said.iter().any(
            |line| line == "MAIL FROM:<no-reply@roster.test>" || line.starts_with("MAIL FROM:<no-reply@")
        )
    );
    assert!(said.iter().any(|line| line.starts_with("RCPT TO:<ada@example.com>")), "{said:?}");
    assert!(said.iter().any(|line| line == "Subject: Your invitation to Project"), "{said:?}");
    assert!(said.iter().any(|line| line.contains("/setpassword/")), "{said:?}");
});
