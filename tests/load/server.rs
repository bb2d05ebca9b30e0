//! Processes that answer HTTP: the server under test and the static handler, started and stopped here.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::client::{Connection, json};
use crate::options::Options;

/// The super client that a fresh database gets from the environment.
pub const CLIENT_ID: &str = "0190aaaa-0000-7000-8000-00000000c11e";
pub const CLIENT_SECRET: &str = "benchmark-secret-of-forty-three-characters-";

/// Who signs in.
pub const EMAIL: &str = "benchmark@example.org";
pub const PASSWORD: &str = "Benchmark-2026-of-Roster";

const PATIENCE: Duration = Duration::from_secs(60);

/// A process and where it listens; killed when dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process to its first answer.
    pub started_in: Duration,
}

impl Server {
    /// The server under test.
    pub async fn start(options: &Options, database: &str) -> Result<Self> {
        let address = free_address()?;
        let begun = Instant::now();
        let child = command(options)
            .args(["serve", "--listen", &address.to_string(), "--database", database])
            .args(&options.serve_arg)
            .stdout(Stdio::from(log()?))
            .stderr(Stdio::from(log()?))
            .spawn()
            .with_context(|| format!("{}", options.binary.display()))?;
        let mut server = Self { child, address, started_in: Duration::ZERO };
        while !server.answers().await {
            if let Some(status) = server.child.try_wait()? {
                bail!("the server ended with {status}; see {}", log_file().display());
            }
            ensure!(begun.elapsed() < PATIENCE, "the server did not start; see {}", log_file().display());
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        server.started_in = begun.elapsed();
        Ok(server)
    }

    /// The static handler: this very program with a hidden flag.
    pub fn start_static(file: &Path, workers: Option<usize>) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--static-handler").arg(file);
        if let Some(workers) = workers {
            command.args(["--workers", &workers.to_string()]);
        }
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let port = line.trim().parse().context("the static handler did not start")?;
        let address = (Ipv4Addr::LOCALHOST, port).into();
        Ok(Self { child, address, started_in: Duration::ZERO })
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// kill -9, and wait until it is gone.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    async fn answers(&self) -> bool {
        let Ok(mut connection) = Connection::open(self.address).await else { return false };
        connection.call(b"GET /fhir/R4/User HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").await.is_ok()
    }

    /// An access token, by the client credentials grant.
    pub async fn token(&self, client: &str, secret: &str) -> Result<String> {
        let basic = BASE64_STANDARD.encode(format!("{client}:{secret}"));
        let body = "grant_type=client_credentials";
        let request = format!(
            "POST /oauth2/token HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {basic}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut connection = Connection::open(self.address).await?;
        let (status, _, body) = connection.call(request.as_bytes()).await?;
        let answer = json(&body)?;
        ensure!(status == 200, "no token: {status} {answer}");
        Ok(answer["access_token"].as_str().context("no access_token")?.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been killed before; then there is nothing to do.
        let _ = self.kill();
    }
}

/// The server's program, with what a fresh database shall begin with.
pub fn command(options: &Options) -> Command {
    let mut command = Command::new(&options.binary);
    command
        .env("ROSTER_BOOTSTRAP_EMAIL", EMAIL)
        .env("ROSTER_BOOTSTRAP_PASSWORD", PASSWORD)
        .env("ROSTER_BOOTSTRAP_CLIENT_ID", CLIENT_ID)
        .env("ROSTER_BOOTSTRAP_CLIENT_SECRET", CLIENT_SECRET)
        // All of them come from one address.
        .env("ROSTER_LOGIN_RATE", "0")
        .env("ROSTER_KEY_RATE", "0")
        .env("ROSTER_LOG", "warn");
    command
}

/// A port that was free a moment ago.
fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

fn log_file() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("load-server.log")
}

fn log() -> Result<std::fs::File> {
    Ok(std::fs::OpenOptions::new().create(true).append(true).open(log_file())?)
}
