//! The whole measurement: start, fill, check, and every workload in alternation with its limit.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, ensure};
use roster::demo::Population;
use tempfile::NamedTempFile;

use crate::database::Database;
use crate::limit;
use crate::measure::{Figures, Meters, median, round, typical};
use crate::meter::{Meter, resident};
use crate::options::Options;
use crate::pgbench::Pgbench;
use crate::report::{Report, Row};
use crate::script::Scripts;
use crate::seed::{self, Filled, Sampled};
use crate::server::Server;
use crate::sign_in::Crowd;
use crate::small;
use crate::workload::{Against, Asked, Goal, Prepared, Workload, World, all};

/// What reads are held against.
enum Limit {
    Static(Server),
    Pgbench(Pgbench),
}

struct Bench<'a> {
    options: &'a Options,
    world: World,
    meters: Meters,
    limit: Limit,
    _file: NamedTempFile,
}

/// True if every target holds and every answer was right.
pub async fn run(options: &Options) -> Result<bool> {
    ensure!(options.rounds > 0 && options.users > 0 && !options.connections.contains(&0), "nothing to do");
    if options.calibrate {
        return calibrate(options).await;
    }
    let database = options.database.as_deref().map_or_else(Database::file, |url| Ok(Database::given(url)))?;
    let mut report = Report::default();
    let known = seed::known(options)?;
    let big = match &known {
        Some(known) => known.big.clone(),
        None => {
            let (big, note) = seed::demo(options, &database.url)?;
            report.note(note);
            big
        }
    };
    let server = Server::start(options, &database.url).await?;
    report.note(format!("first answer {} ms after the start", server.started_in.as_millis()));
    report.note(format!("resident before the first request: {:.0} MB", resident(server.pid())));
    let token = server.token(&big.client_id, &big.client_secret).await?;
    let small = match known {
        Some(known) => known.small,
        None if options.small == 0 => None,
        None => Some(small::fill(&server, options.small).await?),
    };
    if let Some(file) = &options.credentials {
        std::fs::write(file, serde_json::to_vec_pretty(&Filled { big: big.clone(), small: small.clone() })?)?;
    }
    let small_token = match &small {
        Some(small) => Some(server.token(&small.client_id, &small.client_secret).await?),
        None => None,
    };
    let sample = seed::sample(server.address, &token, options).await?;
    let constant = seed::constant_headers(server.address, &token, &sample[0].id).await?;
    let meters = Meters { server: Meter::Process(server.pid()), database: database.meter()? };
    let file = NamedTempFile::new()?;
    let limit = match meters.database {
        Some(meter) => Limit::Pgbench(Pgbench::new(options, &database, meter, &sample)?),
        None => Limit::Static(static_handler(options, &file, &token, &constant, &sample)?),
    };
    let project = big.project.trim_start_matches("Project/").to_owned();
    let world = World {
        address: server.address,
        token,
        small_token,
        project,
        sample,
        users: options.users,
        users_of_both: if options.small == 0 { options.users } else { options.small.min(options.users) },
        population: Population::default(),
        number: Rc::new(Cell::new(first_number()?)),
    };
    let mut bench = Bench { options, world, meters, limit, _file: file };
    for workload in all(database.is_postgres(), options.users) {
        if options.wants(workload.name) {
            for &connections in &options.connections {
                if let Err(error) = bench.measure(&workload, connections, &mut report).await {
                    report.fault(format!("{}, {connections} connections: {error:#}", workload.name));
                }
            }
        }
    }
    report.note(format!("resident at the end: {:.0} MB", resident(server.pid())));
    report.finish(options.json.as_deref())
}

/// Nine digits that no run of the last days on the same database has used.
fn first_number() -> Result<u64> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    Ok(100_000_000 + seconds % 790_000 * 1_000)
}

fn static_handler(
    options: &Options,
    file: &NamedTempFile,
    token: &str,
    constant: &[(String, String)],
    sample: &[Sampled],
) -> Result<Server> {
    limit::write(file.path(), token, constant, sample)?;
    Server::start_static(file.path(), options.workers)
}

impl Bench<'_> {
    async fn measure(&mut self, workload: &Workload, connections: usize, report: &mut Report) -> Result<()> {
        let mut subject = match self.world.prepare(workload.asked, connections).await? {
            Prepared::Ready(scripts) => scripts,
            Prepared::Absent(reason) => {
                report.note(format!("skipped: {}: {reason}", workload.name));
                return Ok(());
            }
        };
        let asked_of_other = match workload.against {
            Against::Other(asked) => Some(asked),
            Against::Limit => Some(workload.asked),
            Against::Nothing => None,
        };
        let mut other = match asked_of_other {
            None => Scripts::new(),
            Some(asked) => match self.world.prepare(asked, connections).await? {
                Prepared::Ready(scripts) => scripts,
                Prepared::Absent(_) => Scripts::new(),
            },
        };
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for _ in 0..self.options.rounds {
            let length = self.options.round();
            let company = workload.asked == Asked::ReadInCompany;
            let crowd = company.then(|| Crowd::gather(self.world.address));
            let (figures, scripts) = round(self.world.address, subject, length, self.meters).await?;
            if let Some(crowd) = crowd {
                let times = crowd.leave().await?;
                report.note(format!("{times} sign-ins in a round, {connections} connections"));
            }
            (subject, own) = (scripts, [own, vec![figures]].concat());
            let figures = match (workload.against, &self.limit) {
                (Against::Nothing, _) => continue,
                (Against::Limit, Limit::Pgbench(pgbench)) => pgbench.round(connections, length).await?,
                (Against::Limit, Limit::Static(handler)) => {
                    let meters = Meters { server: Meter::Process(handler.pid()), database: None };
                    let (figures, scripts) = round(handler.address, other, length, meters).await?;
                    other = scripts;
                    figures
                }
                (Against::Other(_), _) => {
                    let (figures, scripts) = round(self.world.address, other, length, self.meters).await?;
                    other = scripts;
                    figures
                }
            };
            others.push(figures);
        }
        report.row(row(workload, connections, &own, &others));
        Ok(())
    }
}

fn row(workload: &Workload, connections: usize, own: &[Figures], others: &[Figures]) -> Row {
    // Neighbours in time are compared with each other: the noise of the machine changes from round to round.
    let ratio = |of: fn(&Figures) -> f64| {
        (!others.is_empty())
            .then(|| median(own.iter().zip(others).map(|(own, other)| of(own) / of(other)).collect()))
    };
    let figures = typical(own);
    let (throughput_ratio, cpu_ratio) = (ratio(|figures| figures.per_second), ratio(Figures::cpu));
    let p99_ratio = ratio(|figures| figures.p99);
    let holds = workload.goals.iter().all(|goal| match *goal {
        Goal::Throughput(least) => throughput_ratio.is_some_and(|ratio| ratio >= least),
        Goal::Cpu(most) => cpu_ratio.is_some_and(|ratio| ratio <= most),
        Goal::Micros(most) => figures.cpu() <= most,
        Goal::Slowest(most) => p99_ratio.is_some_and(|ratio| ratio <= most),
    });
    Row {
        workload: workload.name.to_owned(),
        connections,
        limit: (!others.is_empty()).then(|| typical(others)),
        target: target(workload),
        holds: holds && figures.wrong == 0,
        figures,
        throughput_ratio,
        cpu_ratio,
        p99_ratio,
    }
}

fn target(workload: &Workload) -> String {
    let other = match workload.against {
        Against::Other(Asked::Read) => "a read",
        Against::Other(Asked::FirstPage) => "the first page",
        Against::Other(_) => "a create",
        Against::Limit | Against::Nothing => "the limit",
    };
    let goal = |goal: &Goal| match goal {
        Goal::Throughput(least) => format!("req/s >= {least} x {other}"),
        Goal::Cpu(most) => format!("CPU <= {most} x {other}"),
        Goal::Micros(most) => format!("CPU <= {most} us"),
        Goal::Slowest(most) => format!("p99 <= {most} x {other}"),
    };
    workload.goals.iter().map(goal).collect::<Vec<_>>().join(", ")
}

/// Two static handlers against each other: what differs from 1.00 is noise.
async fn calibrate(options: &Options) -> Result<bool> {
    let population = Population::default();
    let user = |n: u64| {
        let id = uuid::Uuid::now_v7().to_string();
        let mut resource = population.user(n);
        resource["id"] = id.clone().into();
        Sampled {
            n,
            id,
            email: population.person(n).email(),
            etag: String::from("W/\"1\""),
            last_modified: String::from("Fri, 20 Nov 2026 08:00:00 GMT"),
            body: resource.to_string().into_bytes(),
        }
    };
    let sample: Vec<Sampled> = (0..options.sample.clamp(1, options.users)).map(user).collect();
    let constant = [(String::from("content-type"), String::from("application/fhir+json; charset=utf-8"))];
    let files = [NamedTempFile::new()?, NamedTempFile::new()?];
    let token = "calibration.".repeat(30);
    let [server, handler] = &files;
    let server = static_handler(options, server, &token, &constant, &sample)?;
    let handler = static_handler(options, handler, &token, &constant, &sample)?;
    let world = World {
        address: server.address,
        token,
        small_token: None,
        project: String::new(),
        sample,
        users: options.users,
        users_of_both: if options.small == 0 { options.users } else { options.small.min(options.users) },
        population,
        number: Rc::new(Cell::new(0)),
    };
    let meters = Meters { server: Meter::Process(server.pid()), database: None };
    let [file, _] = files;
    let mut bench = Bench { options, world, meters, limit: Limit::Static(handler), _file: file };
    let mut report = Report::default();
    for workload in
        all(false, options.users).into_iter().filter(|workload| workload.against == Against::Limit)
    {
        for &connections in &options.connections {
            bench.measure(&workload, connections, &mut report).await?;
        }
    }
    report.note(format!("resident at the end: {:.0} MB", resident(server.pid())));
    report.finish(options.json.as_deref())
}
