//! What can be asked of the benchmark.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

#[derive(Parser, Debug)]
#[command(name = "load", about = "Measures Roster against its limits, or kills it and looks for losses")]
pub struct Options {
    /// Users to fill the database with
    #[arg(long, default_value_t = 10_000)]
    pub users: u64,
    /// Users of a second, small project in the same database; 0 for none
    #[arg(long, default_value_t = 4_000)]
    pub small: u64,
    /// sqlite:FILE or postgres://...; a fresh SQLite file if not given
    #[arg(long)]
    pub database: Option<String>,
    /// Keeps who may log in; if the file exists, the database is taken as filled already
    #[arg(long)]
    pub credentials: Option<PathBuf>,
    /// Only the workloads whose name contains this; may be repeated
    #[arg(long)]
    pub only: Vec<String>,
    /// Length of a round
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Rounds of each contestant, in alternation; the median is reported
    #[arg(long, default_value_t = 3)]
    pub rounds: usize,
    #[arg(long, value_delimiter = ',', default_values_t = [16, 64])]
    pub connections: Vec<usize>,
    /// Different users that are asked for
    #[arg(long, default_value_t = 20_000)]
    pub sample: u64,
    /// Also write the rows here
    #[arg(long)]
    pub json: Option<PathBuf>,
    /// Kill the server so many times while it writes, and look for losses, instead of measuring
    #[arg(long, num_args = 0..=1, default_missing_value = "20")]
    pub crash: Option<usize>,
    /// Patch all users into one group over SCIM, so many at a time, and out of it again, instead of measuring
    #[arg(long, num_args = 0..=1, default_missing_value = "1000")]
    pub scim_group: Option<usize>,
    /// Measure the static handler against itself: the noise of this machine. Needs no server
    #[arg(long)]
    pub calibrate: bool,
    /// The server
    #[arg(long, default_value = env!("CARGO_BIN_EXE_roster"))]
    pub binary: PathBuf,
    /// One more argument for `roster serve`; may be repeated
    #[arg(long, allow_hyphen_values = true)]
    pub serve_arg: Vec<String>,
    /// What pgbench selects; :project, :kind and :id are given
    #[arg(
        long,
        default_value = "SELECT body FROM resource WHERE project = :project AND kind = :kind AND id = :id"
    )]
    pub limit_sql: String,
    /// Where :project and :kind come from; $1 stands for the id of a user
    #[arg(long, default_value = "SELECT project, kind FROM resource WHERE id = '$1'")]
    pub limit_keys_sql: String,
    /// Workers of the static handler; as many as cores if not given
    #[arg(long)]
    pub workers: Option<usize>,
    /// Be the static handler
    #[arg(long, hide = true)]
    pub static_handler: Option<PathBuf>,
    /// Cargo says this to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    pub fn round(&self) -> Duration {
        Duration::from_secs_f64(self.seconds.clamp(0.1, 600.0))
    }

    pub fn wants(&self, workload: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|part| workload.contains(part.as_str()))
    }
}
