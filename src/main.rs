//! The commands: serve, migrate, check, package, demo.

use std::io::IsTerminal;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use roster::app::{self, App};
use roster::command::Administration;
use roster::config::{Config, Settings};
use roster::definitions::packages;
use roster::demo::{self, Demo};
use roster::error::{Result, busy, fault};
use roster::identity::{Announcement, Bootstrap};
use roster::{repo, resource, store};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The user directory of healthcare software.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    /// TOML file with settings [default: roster.toml, if it is there]
    #[arg(long, global = true, env = "ROSTER_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve
    Serve {
        /// With a demo project of this many people
        #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "200")]
        demo: Option<u64>,
    },
    /// Bring the database to the schema of this version
    Migrate,
    /// Prove the definitions and their examples; with --database, everything stored as well
    Check,
    #[command(flatten)]
    Administration(Administration),
    /// The definition packages that are configured
    Package {
        #[command(subcommand)]
        what: Packages,
    },
    /// Fill a demo project with believable people
    Demo {
        /// How many
        #[arg(long, default_value_t = 1000, value_name = "N")]
        users: u64,
        /// Print what a program needs rather than what a person does
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand)]
enum Packages {
    /// List them: name, version and what is in them
    List,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let stored = arguments.settings.database.is_some();
    let done = Config::read(arguments.config.as_deref(), arguments.settings).and_then(|config| {
        log(&config)?;
        match arguments.command {
            Command::Serve { demo } => serve(&config, demo),
            Command::Administration(what) => what.run(&config).map(|()| ExitCode::SUCCESS),
            Command::Migrate => migrate(&config),
            Command::Check => check(&config, stored),
            Command::Package { what: Packages::List } => list(&config),
            Command::Demo { users, json } => fill(&config, users, json),
        }
    });
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("roster: {}", error.to_string().replace('\n', " "));
            ExitCode::FAILURE
        }
    }
}

fn log(config: &Config) -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log)
        .map_err(|error| roster::error::malformed(format!("'{}' is no log filter: {error}", config.log)))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if config.log_json {
        log.json().init()
    } else {
        log.init()
    }
    Ok(())
}

fn serve(config: &Config, people: Option<u64>) -> Result<ExitCode> {
    // First, so that a taken port changes nothing.
    let listener = TcpListener::bind(config.listen)
        .map_err(|error| busy(format!("cannot listen on {}: {error}", config.listen)))?;
    actix_web::rt::System::new().block_on(async {
        let app = App::open(config, Bootstrap::from_environment()).await?;
        let database: store::Url = config.database.parse()?;
        println!("Roster {} serves {} ({database})", env!("CARGO_PKG_VERSION"), config.public_url);
        if let Some(made) = &app.announcement {
            announce(config, made);
        }
        let server = app.serve(listener)?;
        if let Some(users) = people {
            invite(config, &demo::fill(&app.engine, users, |_, _| {}).await?);
        }
        server.await.map_err(fault)?;
        Ok(ExitCode::SUCCESS)
    })
}

fn migrate(config: &Config) -> Result<ExitCode> {
    let ran = store::migrate(&config.database.parse()?)?;
    match ran.len() {
        0 => println!("nothing to migrate"),
        _ => println!("migrated: {}", ran.join(", ")),
    }
    Ok(ExitCode::SUCCESS)
}

fn check(config: &Config, stored: bool) -> Result<ExitCode> {
    let definitions = app::definitions(config)?;
    let (types, params) = (definitions.resources.len(), definitions.params.len());
    println!("{types} resource types and {params} search parameters are sound");
    let report = resource::check(&definitions, &config.definitions)?;
    println!(
        "{} valid and {} invalid examples, {} surprises",
        report.valid,
        report.invalid,
        report.failures.len()
    );
    for (file, what) in &report.failures {
        println!("  {file}: {what}");
    }
    let mut sound = report.failures.is_empty();
    if stored {
        let report = repo::check::database(&app::engine(config)?)?;
        let faults = report.faults.len();
        println!(
            "{} resources stored, {} of them deleted, {faults} faults",
            report.resources, report.deleted
        );
        for fault in &report.faults {
            println!("  {fault}");
        }
        sound &= report.faults.is_empty();
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn list(config: &Config) -> Result<ExitCode> {
    let packages = packages(&config.packages, config.cache_dir.as_deref())?;
    if packages.is_empty() {
        println!("no package is configured");
    }
    for one in packages {
        println!(
            "{} {}: {} types, {} search parameters, {} profiles, {} value sets",
            one.name, one.version, one.types, one.params, one.profiles, one.value_sets
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn fill(config: &Config, users: u64, json: bool) -> Result<ExitCode> {
    actix_web::rt::System::new().block_on(async {
        let app = App::open(config, Bootstrap::from_environment()).await?;
        if let Some(made) = app.announcement.as_ref().filter(|_| !json) {
            announce(config, made);
        }
        let bar = ProgressBar::new(users);
        if !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec}, {eta} to go") {
            bar.set_style(style);
        }
        let demo = demo::fill(&Arc::clone(&app.engine), users, |done, of| {
            bar.set_length(of);
            bar.set_position(done);
        })
        .await?;
        bar.finish();
        if json {
            let Demo { project, client_id, client_secret, users, .. } = demo;
            let facts = serde_json::json!({
                "project": project, "clientId": client_id, "clientSecret": client_secret, "users": users,
            });
            println!("{facts}");
        } else {
            invite(config, &demo);
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Shown once: nobody can read these again.
fn announce(config: &Config, made: &Announcement) {
    println!(
        "\n  This is the first start. Keep what follows: it is not shown again.\n\n    \
         e-mail         {}\n    password       {}\n    client id      {}\n    client secret  {}\n\n  \
         A token for the client, which may do everything:\n\n    {}\n",
        made.email,
        made.password,
        made.client_id,
        made.client_secret,
        token(config, &made.client_id, &made.client_secret),
    );
}

fn invite(config: &Config, demo: &Demo) {
    let base = format!("{}/fhir/R4", config.public_url);
    println!(
        "\n  The demo project has {} users. Get a token, then find somebody:\n\n    TOKEN=$({} \\\n      | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\n    \
         curl -H \"Authorization: Bearer $TOKEN\" '{base}/User?email={}&_pretty=true'\n    \
         curl -H \"Authorization: Bearer $TOKEN\" '{base}/User?external-id={}&_pretty=true'\n    \
         curl -H \"Authorization: Bearer $TOKEN\" '{base}/User?project=Project/{}&_count=3&_pretty=true'\n",
        demo.users,
        token(config, &demo.client_id, &demo.client_secret),
        demo.email,
        demo.external_id,
        demo.project,
    );
}

fn token(config: &Config, id: &str, secret: &str) -> String {
    format!(
        "curl -s {}/oauth2/token -d grant_type=client_credentials -d client_id={id} -d client_secret={secret}",
        config.public_url,
    )
}
