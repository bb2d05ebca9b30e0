//! The limit on PostgreSQL: `pgbench -M prepared`, a single-row SELECT by the key that a read uses.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::database::{Database, psql};
use crate::measure::{Figures, Meters};
use crate::meter::Meter;
use crate::options::Options;
use crate::seed::Sampled;

/// pgbench cannot draw a text, so that every key has a script of its own; it takes 128 at most. So few rows
/// stay in the caches of the processor: the limit is a little better than it would be with all users.
const KEYS: usize = 100;

/// Connecting is not what is measured.
const START: Duration = Duration::from_millis(700);

pub struct Pgbench {
    url: String,
    arguments: Vec<String>,
    database: Meter,
    _scripts: TempDir,
}

impl Pgbench {
    pub fn new(options: &Options, database: &Database, meter: Meter, sample: &[Sampled]) -> Result<Self> {
        let scripts = tempfile::tempdir()?;
        let first = sample.first().context("nobody was sampled")?;
        let keys = psql(&database.url, &options.limit_keys_sql.replace("$1", &first.id))?;
        let (project, kind) = keys.trim().split_once('|').context("no row for the keys of the limit")?;
        let mut arguments: Vec<String> = ["-n", "-M", "prepared", "-j", "1", "-D"].map(String::from).to_vec();
        arguments.extend([format!("project={project}"), "-D".into(), format!("kind={kind}")]);
        let step = (sample.len() / KEYS).max(1);
        for (i, user) in sample.iter().step_by(step).take(KEYS).enumerate() {
            let file = scripts.path().join(format!("{i}.sql"));
            std::fs::write(&file, format!("{};\n", options.limit_sql.replace(":id", &format!(":id{i}"))))?;
            arguments.extend(["-D".into(), format!("id{i}={}", user.id), "-f".into()]);
            arguments.push(file.to_string_lossy().into_owned());
        }
        Ok(Self { url: database.url.clone(), arguments, database: meter, _scripts: scripts })
    }

    /// A round: its CPU is that of pgbench, which is to the database what our server is, and of the cluster.
    pub async fn round(&self, connections: usize, length: Duration) -> Result<Figures> {
        let seconds = (length + START).as_secs_f64().ceil() as u64 + 1;
        let child = Command::new("pgbench")
            .args(&self.arguments)
            .args(["-c", &connections.to_string(), "-T", &seconds.to_string(), &self.url])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("pgbench")?;
        let meters = Meters { server: Meter::Process(child.id()), database: Some(self.database) };
        tokio::time::sleep(START).await;
        let (begun, before) = (Instant::now(), meters.read());
        tokio::time::sleep(length).await;
        let (elapsed, after) = (begun.elapsed().as_secs_f64(), meters.read());
        let output = child.wait_with_output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let number = |label: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(label))?;
            line.split_whitespace().next()?.parse::<f64>().ok()
        };
        let (Some(per_second), Some(millis)) = (number("tps = "), number("latency average = ")) else {
            bail!("pgbench: {}", String::from_utf8_lossy(&output.stderr));
        };
        let requests = per_second * elapsed;
        Ok(Figures {
            requests: requests as u64,
            per_second,
            // pgbench tells the mean; it knows a percentile only by writing a line for each request.
            p50: millis * 1000.0,
            p99: f64::NAN,
            server_cpu: (after.0 - before.0) as f64 / requests,
            database_cpu: (after.1 - before.1) as f64 / requests,
            wrong: 0,
        })
    }
}
