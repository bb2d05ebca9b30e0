//! The benchmark: how fast is the server against its limits, and does it lose a write when it is killed?
//!
//! `cargo bench --bench load -- --users 10000` starts the release server on a database of its own, fills it,
//! runs the workloads of the performance targets in alternation with their limits, and prints a table.
//! `cargo bench --bench load -- --crash 20` is the crash test, `--scim-group 1000` patches all users into one group. This is the only place where speed is judged.
//!
//! The machine is expected to be small, shared and noisy: trust the ratios and the CPU time per request.

mod bench;
mod chunks;
mod client;
mod crash;
mod database;
mod dialect;
mod limit;
mod measure;
mod meter;
mod options;
mod pgbench;
mod query;
mod report;
mod script;
mod seed;
mod server;
mod sign_in;
mod small;
mod team;
mod workload;

use std::process::ExitCode;

use clap::Parser;

/// The allocator of the server, so that the static handler is its equal.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let options = options::Options::parse();
    let outcome = actix_web::rt::System::new().block_on(async {
        match (&options.static_handler, options.crash, options.scim_group) {
            (Some(file), ..) => limit::serve(file, options.workers).await.map(|()| true),
            (None, Some(rounds), _) => crash::run(&options, rounds).await,
            (None, None, Some(step)) => chunks::run(&options, step).await,
            (None, None, None) => bench::run(&options).await,
        }
    });
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
