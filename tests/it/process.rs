//! The binary, as its users start it.

use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use crate::client::{Client, PUBLIC_URL};
use crate::server::{BOOTSTRAP_CLIENT, BOOTSTRAP_SECRET};
use crate::world::token;

/// The binary, with nothing of the environment in its settings.
pub fn roster(arguments: &[&str]) -> Command {
    let built = std::env::var_os("ROSTER_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_roster").into());
    let mut command = Command::new(built);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ROSTER_")) {
        command.env_remove(name);
    }
    // Among so many tests there is always something else to do.
    command.env("ROSTER_HASH_IDLE", "false");
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The same, with a first administrator from the environment.
pub fn bootstrapped(arguments: &[&str]) -> Command {
    let mut command = roster(arguments);
    command
        .env("ROSTER_BOOTSTRAP_EMAIL", "first@example.com")
        .env("ROSTER_BOOTSTRAP_PASSWORD", "a-first-password");
    command
        .env("ROSTER_BOOTSTRAP_CLIENT_ID", BOOTSTRAP_CLIENT)
        .env("ROSTER_BOOTSTRAP_CLIENT_SECRET", BOOTSTRAP_SECRET);
    command
}

/// A server in a process of its own; killed when dropped.
pub struct Process {
    child: Child,
    pub socket: SocketAddr,
    stdout: BufReader<ChildStdout>,
    /// The line that says that it serves.
    pub greeting: String,
}

impl Process {
    /// `serve` on a free port. It listens when this returns.
    pub fn serve(command: Command, database: &str) -> Self {
        Self::start(command, database, |_| PUBLIC_URL.to_owned())
    }

    /// The same, with links that lead to where it listens.
    pub fn serve_as_it_is(command: Command, database: &str) -> Self {
        Self::start(command, database, |socket| format!("http://{socket}"))
    }

    fn start(mut command: Command, database: &str, public: fn(SocketAddr) -> String) -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
        let socket = free.expect("a free port");
        command.args([
            "serve",
            "--database",
            database,
            "--listen",
            &socket.to_string(),
            "--public-url",
            &public(socket),
        ]);
        let mut child = command.spawn().expect("the binary starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("its output"));
        let mut greeting = String::new();
        stdout.read_line(&mut greeting).expect("text");
        if greeting.is_empty() {
            let output = child.wait_with_output().expect("it has ended");
            panic!("it did not start: {}", String::from_utf8_lossy(&output.stderr));
        }
        Self { child, socket, stdout, greeting }
    }

    pub fn address(&self) -> String {
        format!("http://{}", self.socket)
    }

    /// The first client, with a token.
    pub fn super_admin(&self) -> Client {
        let anonymous = Client::anonymous(&self.address());
        Client::with_token(&self.address(), &token(&anonymous, BOOTSTRAP_CLIENT, BOOTSTRAP_SECRET))
    }

    /// Asks it to stop.
    pub fn terminate(&self) {
        let asked = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status();
        assert!(asked.expect("a shell").success());
    }

    /// kill -9.
    pub fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Waits for its end: whether it was a good one, and all that it printed and logged after its greeting.
    pub fn end(mut self) -> (bool, String, String) {
        let (mut printed, mut logged) = (String::new(), String::new());
        let mut stderr = self.child.stderr.take().expect("its log");
        std::thread::scope(|scope| {
            scope.spawn(|| stderr.read_to_string(&mut logged).expect("text"));
            self.stdout.read_to_string(&mut printed).expect("text");
        });
        let good = self.child.wait().expect("it ends").success();
        (good, printed, logged)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The line with which a command failed: one line, and exit code 1.
#[track_caller]
pub fn failure(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    said
}
