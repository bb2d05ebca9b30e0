//! The table of a run, for people and as JSON.

use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use crate::measure::Figures;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    pub workload: String,
    pub connections: usize,
    #[serde(flatten)]
    pub figures: Figures,
    pub limit: Option<Figures>,
    pub throughput_ratio: Option<f64>,
    pub cpu_ratio: Option<f64>,
    pub p99_ratio: Option<f64>,
    pub target: String,
    pub holds: bool,
}

#[derive(Debug, Default, Serialize)]
pub struct Report {
    rows: Vec<Row>,
    notes: Vec<String>,
    /// Wrong answers, and what could not be measured for another reason.
    faults: Vec<String>,
}

const HEAD: &str = "\
| workload | conn. | req/s | p50 us | p99 us | CPU us/req | of it database | limit req/s | limit CPU us/req \
| x req/s | x CPU | x p99 | wrong | target | holds |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|---|";

impl Report {
    /// Shown at once, for a run takes minutes.
    pub fn row(&mut self, row: Row) {
        if self.rows.is_empty() {
            println!("{HEAD}");
        }
        println!("{}", line(&row));
        self.rows.push(row);
    }

    pub fn note(&mut self, note: String) {
        eprintln!("{note}");
        self.notes.push(note);
    }

    pub fn fault(&mut self, fault: String) {
        eprintln!("FAULT: {fault}");
        self.faults.push(fault);
    }

    /// True if every target holds and every answer was right.
    pub fn finish(self, json: Option<&Path>) -> Result<bool> {
        println!();
        self.notes.iter().for_each(|note| println!("- {note}"));
        self.faults.iter().for_each(|fault| println!("- **fault**: {fault}"));
        if let Some(file) = json {
            std::fs::write(file, serde_json::to_vec_pretty(&self)?)?;
        }
        Ok(self.faults.is_empty() && self.rows.iter().all(|row| row.holds))
    }
}

fn line(row: &Row) -> String {
    let Figures { per_second, p50, p99, server_cpu: _, database_cpu, wrong, requests: _ } = row.figures;
    let ratio = |ratio: Option<f64>| ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
    let limit = |of: fn(&Figures) -> f64, digits: usize| {
        row.limit.as_ref().map_or_else(String::new, |limit| format!("{:.digits$}", of(limit)))
    };
    format!(
        "| {} | {} | {per_second:.0} | {p50:.0} | {p99:.0} | {:.1} | {database_cpu:.1} | {} | {} | {} | {} | {} | {wrong} | {} | {} |",
        row.workload,
        row.connections,
        row.figures.cpu(),
        limit(|limit| limit.per_second, 0),
        limit(Figures::cpu, 1),
        ratio(row.throughput_ratio),
        ratio(row.cpu_ratio),
        ratio(row.p99_ratio),
        row.target,
        if row.holds { "yes" } else { "**no**" },
    )
}
