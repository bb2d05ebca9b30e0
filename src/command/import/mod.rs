//! `roster import-users`: a file of people into the pool of a project, with the password hashes that they have
//! elsewhere. A batch is a transaction; what was done is noted beside the file, so that a run that was killed is taken
//! up where it ended. Memory holds one batch.

mod hash;
mod place;
mod read;
mod row;
mod write;

use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::Desk;
use crate::error::{Result, fault, malformed};
use place::Place;
use read::Source;
use row::Person;
use write::Writer;

#[derive(Args)]
pub struct ImportUsers {
    /// A .csv file with a line of names, or an .ndjson file with an object a line
    file: PathBuf,
    /// Id or name of the project
    #[arg(long, value_name = "PROJECT")]
    project: String,
    /// What they become in the project: Practitioner, Patient, member (without a profile) or nobody (no member)
    #[arg(long = "as", default_value = "Practitioner", value_name = "KIND")]
    kind: String,
    /// Try every row and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Where rows that cannot be taken go, a line of JSON each [default: FILE.errors.ndjson]
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// Begin anew, whatever a run before this one has done
    #[arg(long)]
    restart: bool,
    /// Rows of a transaction
    #[arg(long, default_value_t = 500, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=5000))]
    batch: u32,
    #[command(flatten)]
    firebase: hash::Firebase,
}

/// What came of the rows.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    taken: u64,
    there: u64,
    refused: u64,
}

impl ImportUsers {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let project = desk.project(&self.project).await?;
        let beside = |end: &str| {
            let mut name = self.file.clone().into_os_string();
            name.push(end);
            PathBuf::from(name)
        };
        let errors = self.errors.clone().unwrap_or_else(|| beside(".errors.ndjson"));
        let mut place = Place::open(beside(".progress"), &self.file, &project, self.restart || self.dry_run)?;
        let mut refused = File::options()
            .create(true)
            .write(true)
            .truncate(false)
            .open(&errors)
            .map_err(|error| malformed(format!("cannot write {}: {error}", errors.display())))?;
        refused.set_len(place.errors).map_err(fault)?;
        std::io::Seek::seek(&mut refused, std::io::SeekFrom::End(0)).map_err(fault)?;
        let mut source = Source::open(&self.file, place.offset, place.row)?;
        let writer = Writer::new(desk, &project, &self.kind, place.seed, self.dry_run).await?;
        let bar = bar(source.length);
        bar.set_position(place.offset);
        if place.row > 0 && !place.begun {
            eprintln!("taken up at row {}", place.row + 1);
        }
        let (began, mut count) = (Instant::now(), Count::default());
        let mut redone = place.offset > 0;
        loop {
            let rows = source.next(self.batch as usize)?;
            if rows.is_empty() {
                break;
            }
            let mut people = Vec::with_capacity(rows.len());
            let mut faults = Vec::new();
            for row in rows {
                match row.fields.and_then(|fields| Person::read(fields, &self.firebase)) {
                    Ok(person) => people.push((row.number, person)),
                    Err(error) => faults.push((row.number, String::new(), error)),
                }
            }
            let done = writer.write(people, redone).await?;
            redone = false;
            faults.extend(done.refused);
            faults.sort_by_key(|(number, ..)| *number);
            for (number, email, error) in &faults {
                let line = json!({ "row": number, "email": email, "error": error.to_string() });
                writeln!(refused, "{line}").map_err(fault)?;
            }
            count.taken += done.taken;
            count.there += done.there;
            count.refused += faults.len() as u64;
            if !self.dry_run {
                refused.sync_data().map_err(fault)?;
                place.note(source.offset, source.row, refused.metadata().map_err(fault)?.len())?;
                desk.app.engine.store.leave_word()?;
            }
            bar.set_position(source.offset);
            bar.set_message(format!("{} rows, {} refused", source.row, count.refused));
        }
        bar.finish_and_clear();
        if count.taken > 0 && !self.dry_run {
            desk.app.engine.store.take_statistics()?;
        }
        place.forget()?;
        let seconds = began.elapsed().as_secs_f64().max(0.001);
        let verb = if self.dry_run { "would be taken" } else { "taken" };
        println!(
            "{} rows {verb}, {} there already, {} refused; {:.0} rows a second",
            count.taken,
            count.there,
            count.refused,
            (count.taken + count.there + count.refused) as f64 / seconds,
        );
        if count.refused > 0 {
            println!("what was refused, and why: {}", errors.display());
        } else if refused.metadata().map_err(fault)?.len() == 0 {
            std::fs::remove_file(&errors).map_err(fault)?;
        }
        Ok(())
    }
}

fn bar(length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length);
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent}% {msg}, {eta} to go") {
        bar.set_style(style);
    }
    bar
}
