//! A server inside the test process, on a free port.

use std::net::TcpListener;
use std::sync::mpsc;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use roster::app::App;
use roster::config::{Config, Settings};
use roster::identity::Bootstrap;

use crate::client::PUBLIC_URL;

pub const BOOTSTRAP_EMAIL: &str = "first@roster.test";
pub const BOOTSTRAP_PASSWORD: &str = "the password of the first administrator";
pub const BOOTSTRAP_CLIENT: &str = "7d3f8a52-6c1e-4b09-9f27-3a5e8c1d0b64";
pub const BOOTSTRAP_SECRET: &str = "the-secret-of-the-first-client-of-a-test";

/// Stops when dropped, and waits until it has.
pub struct Server {
    /// `http://127.0.0.1:PORT`
    pub address: String,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub fn start(database: &str, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::read(None, Settings::default()).expect("the defaults are right");
        config.database = database.to_owned();
        config.public_url = PUBLIC_URL.to_owned();
        config.workers = 1;
        config.cache_bytes = 1 << 20;
        change(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                let app = App::open(&config, first()).await.expect("the server opens its database");
                let server = app.serve(listener).expect("the server serves");
                tell.send(server.handle()).expect("the test waits");
                server.await.expect("the server stops in order");
            });
        });
        let handle = told.recv().expect("the server starts");
        Self { address, handle, thread: Some(thread) }
    }
}

fn first() -> Bootstrap {
    Bootstrap {
        email: Some(BOOTSTRAP_EMAIL.to_owned()),
        password: Some(BOOTSTRAP_PASSWORD.to_owned()),
        client_id: Some(BOOTSTRAP_CLIENT.to_owned()),
        client_secret: Some(BOOTSTRAP_SECRET.to_owned()),
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The command goes out at once; the future only tells when it is done, which `join` does too.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            // A server that panicked has failed its test already.
            let _ = thread.join();
        }
    }
}
