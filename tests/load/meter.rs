//! What a process costs: CPU time and memory, read from /proc.

use std::fs;

use anyhow::{Context, Result};

/// Linux counts CPU time in hundredths of a second for user space, whatever the kernel's own clock.
const MICROS_PER_TICK: u64 = 10_000;

/// Whose CPU time is counted.
#[derive(Debug, Clone, Copy)]
pub enum Meter {
    /// One process with its threads.
    Process(u32),
    /// A PostgreSQL cluster by its postmaster: it and all its children, those that have ended too.
    Cluster(u32),
}

struct Stat {
    parent: u32,
    own: u64,
    ended_children: u64,
}

impl Meter {
    /// CPU time since the process began, in microseconds.
    pub fn micros(self) -> u64 {
        let ticks = match self {
            Self::Process(pid) => stat(&pid.to_string()).map_or(0, |stat| stat.own),
            Self::Cluster(postmaster) => {
                let head = stat(&postmaster.to_string()).map_or(0, |stat| stat.own + stat.ended_children);
                head + children(postmaster).map(|stat| stat.own).sum::<u64>()
            }
        };
        ticks * MICROS_PER_TICK
    }
}

fn children(parent: u32) -> impl Iterator<Item = Stat> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.filter_map(|entry| stat(entry.file_name().to_str()?)).filter(move |stat| stat.parent == parent)
}

fn stat(process: &str) -> Option<Stat> {
    if process != "self" && !process.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in brackets, may contain anything; the fields after it are plain: state, parent, ...
    let fields: Vec<&str> = text.get(text.rfind(')')? + 2..)?.split(' ').collect();
    let number = |i: usize| fields.get(i).and_then(|field| field.parse::<u64>().ok());
    Some(Stat {
        parent: u32::try_from(number(1)?).ok()?,
        own: number(11)? + number(12)?,
        ended_children: number(13)? + number(14)?,
    })
}

pub fn parent(pid: u32) -> Result<u32> {
    Ok(stat(&pid.to_string()).with_context(|| format!("process {pid} is not of this machine"))?.parent)
}

/// Resident memory in MB.
pub fn resident(pid: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}
