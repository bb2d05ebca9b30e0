//! A server in this process, on a port of its own.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};

use actix_web::dev::ServerHandle;
use actix_web::rt::System;
use roster::app::App;
use roster::config::{Config, MailSettings, Settings, SignInSettings};
use roster::identity::{Bootstrap, Identity};
use roster::repo::Engine;

use crate::client::PUBLIC_URL;
use crate::described;

pub const BOOTSTRAP_CLIENT: &str = "0190aaaa-0000-7000-8000-00000000c11e";
pub const BOOTSTRAP_SECRET: &str = "the-secret-of-the-first-client-of-the-tests";

/// Runs until it is dropped.
pub struct Server {
    /// `http://127.0.0.1:PORT`
    pub address: String,
    /// What it runs on, for what cannot be told from outside.
    pub engine: Arc<Engine>,
    pub identity: Arc<Identity>,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// A server on a database, configured by `change`. It listens before this returns.
    pub fn start(database: &str, change: impl FnOnce(&mut Config)) -> Self {
        let config = config(database, change);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        if !config.definitions.is_empty() || !config.packages.is_empty() {
            described::except(&address);
        }
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || {
            System::new().block_on(async move {
                let app = App::open(&config, bootstrap()).await.expect("the server opens");
                let server = app.serve(listener).expect("the server serves");
                let started = (server.handle(), Arc::clone(&app.engine), Arc::clone(&app.identity));
                sender.send(started).expect("somebody waits for it");
                server.await.expect("the server ends well");
            });
        });
        let Ok((handle, engine, identity)) = receiver.recv() else {
            let reason = thread.join().expect_err("it never began");
            std::panic::resume_unwind(reason);
        };
        Self { address, engine, identity, handle, thread: Some(thread) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The command is on its way before the future is awaited, which nobody does here.
        drop(self.handle.stop(false));
        // Only a test that has failed already finds a thread that has.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

pub fn config(database: &str, change: impl FnOnce(&mut Config)) -> Config {
    let settings = Settings {
        database: Some(database.to_owned()),
        public_url: Some(PUBLIC_URL.to_owned()),
        workers: Some(2),
        cache_mib: Some(4),
        // What a hash costs is judged elsewhere.
        sign_in: SignInSettings {
            bcrypt_cost: Some(4),
            hash_threads: Some(2),
            // Among so many tests there is always something else to do.
            hash_idle: Some(false),
            ..SignInSettings::default()
        },
        mail: MailSettings {
            transport: Some(format!("dir:{}", crate::auth::mail_folder().display())),
            ..MailSettings::default()
        },
        ..Settings::default()
    };
    // An empty file, so that none that lies about is read.
    let mut config = Config::read(Some(Path::new("/dev/null")), settings).expect("an empty file");
    change(&mut config);
    config
}

fn bootstrap() -> Bootstrap {
    Bootstrap {
        email: Some("first@example.com".to_owned()),
        password: Some("a-password-of-the-first-user".to_owned()),
        client_id: Some(BOOTSTRAP_CLIENT.to_owned()),
        client_secret: Some(BOOTSTRAP_SECRET.to_owned()),
    }
}
