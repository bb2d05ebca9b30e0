//! The house keeps its order: rooms use those before them only, Diesel stays in the store, actix at the door.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");

struct File {
    /// Below the root, `src/store/mod.rs`.
    name: String,
    text: String,
}

fn files(root: &str) -> Vec<File> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(root)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of ours") {
            let path = entry.expect("a folder of ours").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path
                    .strip_prefix(env!("CARGO_MANIFEST_DIR"))
                    .expect("a file of ours")
                    .display()
                    .to_string();
                found.push(File { name, text: fs::read_to_string(&path).expect("text") });
            }
        }
    }
    assert!(!found.is_empty(), "{root} has no files");
    found
}

/// The rooms in order: the modules of `lib.rs`, and the binary last.
fn rooms() -> Vec<String> {
    let lib = fs::read_to_string(Path::new(SOURCE).join("lib.rs")).expect("lib.rs");
    let declared = lib.lines().filter_map(|line| line.trim().strip_prefix("pub mod ")?.strip_suffix(';'));
    declared.chain(["main"]).map(str::to_owned).collect()
}

/// The room a file of the source is in: `src/store/mod.rs` and `src/store.rs` are both in `store`.
fn room(file: &File) -> &str {
    let inside = file.name.strip_prefix("src/").expect("a file of the source");
    inside.split(['/', '.']).next().expect("a name")
}

/// The code of a file with its comments blanked, so that places stay where they are.
fn code(text: &str) -> String {
    let blank = |line: &str| {
        if line.trim_start().starts_with("//") { " ".repeat(line.len()) } else { line.to_owned() }
    };
    text.lines().map(blank).collect::<Vec<_>>().join("\n")
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// The names right behind `prefix`, with the line of each: one, or those at the top of a list in braces.
fn names_behind<'a>(code: &'a str, prefix: &str) -> Vec<(usize, &'a str)> {
    let mut names = Vec::new();
    for (place, _) in code.match_indices(prefix) {
        if code[..place].ends_with(|before: char| is_word(before) || before == ':') {
            continue;
        }
        let line = code[..place].lines().count();
        let rest = &code[place + prefix.len()..];
        let Some(list) = rest.strip_prefix('{') else {
            names.push((line, rest.split(|end: char| !is_word(end)).next().unwrap_or_default()));
            continue;
        };
        let (mut depth, mut begin) = (0, 0);
        for (end, char) in list.char_indices() {
            match char {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    let name = list[begin..end].trim_start();
                    names.push((line, name.split(|end: char| !is_word(end)).next().unwrap_or_default()));
                    begin = end + 1;
                    if char == '}' {
                        break;
                    }
                }
                _ => {}
            }
        }
    }
    names
}

/// What a file names of the crate's root, also by climbing up to it.
fn used<'a>(name: &str, code: &'a str) -> Vec<(usize, &'a str)> {
    let depth = name.trim_end_matches("/mod.rs").matches('/').count();
    let mut used = names_behind(code, "crate::");
    used.extend(names_behind(code, "roster::"));
    used.extend(names_behind(code, &"super::".repeat(depth)));
    // Behind the last comma of a list is none.
    used.retain(|(_, name)| !name.is_empty());
    used
}

#[track_caller]
fn nothing(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn a_room_uses_only_rooms_before_it() {
    let rooms = rooms();
    let order: HashMap<&str, usize> =
        rooms.iter().enumerate().map(|(place, room)| (room.as_str(), place)).collect();
    let mut faults = Vec::new();
    for file in files(SOURCE) {
        if room(&file) == "lib" {
            continue;
        }
        let own = order.get(room(&file)).unwrap_or_else(|| panic!("{} is in no room of lib.rs", file.name));
        for (number, other) in used(&file.name, &code(&file.text)) {
            if order.get(other).is_some_and(|place| place > own) {
                faults.push(format!("{}:{number} uses {other}, which comes later", file.name));
            }
        }
    }
    nothing(faults);
}

#[test]
fn the_check_of_the_order_sees_every_form_of_use() {
    for (line, expected) in [
        ("use crate::store::Url;", &["store"][..]),
        ("use crate::{\n    error::{Result, fault},\n    store,\n};", &["error", "store"]),
        ("let url: crate::store::Url = x;", &["store"]),
        ("use roster::error::Result;", &["error"]),
        ("use super::super::store::Url;", &["store"]),
        ("let x = other_crate::store::y();", &[]),
        ("use super::store::Url;", &[]),
        ("// crate::store", &[]),
    ] {
        let code = code(line);
        let names: Vec<_> = used("src/search/parse.rs", &code).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, expected, "{line}");
    }
}

#[test]
fn diesel_is_used_in_the_store_only() {
    only_in(&["diesel"], &["store"]);
}

#[test]
fn actix_is_used_at_the_door_only() {
    only_in(&["actix_web", "actix_rt", "actix_http"], &["http", "app", "main"]);
}

fn only_in(crates: &[&str], allowed: &[&str]) {
    let mut faults = Vec::new();
    for file in files(SOURCE).iter().filter(|file| !allowed.contains(&room(file))) {
        for (number, line) in code(&file.text).lines().enumerate() {
            let named = line.split(|end| !is_word(end)).filter(|word| crates.contains(word));
            faults.extend(named.map(|word| format!("{}:{} uses {word}", file.name, number + 1)));
        }
    }
    nothing(faults);
}

#[test]
fn every_file_says_what_it_is_for() {
    let all = files(SOURCE).into_iter().chain(files(TESTS));
    nothing(all.filter(|file| !file.text.starts_with("//! ")).map(|file| file.name).collect());
}

#[test]
fn no_file_is_an_attic() {
    let attics = ["util", "utils", "helper", "helpers", "common", "misc", "manager"];
    let is_attic = |file: &File| file.name.split(['/', '.']).any(|part| attics.contains(&part));
    let all = files(SOURCE).into_iter().chain(files(TESTS));
    nothing(all.filter(is_attic).map(|file| file.name).collect());
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let all = files(SOURCE).into_iter().chain(files(TESTS));
    let lines = all.map(|file| (file.text.lines().count(), file.name));
    nothing(
        lines.filter(|(lines, _)| *lines > 400).map(|(lines, name)| format!("{name}: {lines}")).collect(),
    );
}

#[test]
fn nothing_is_left_unfinished() {
    // Put together, so that this file does not name itself.
    let marks =
        [["to", "do!("], ["unimple", "mented!("], ["FIX", "ME"], ["TO", "DO"], ["XX", "X"], ["#[ign", "ore"]]
            .map(|halves| halves.concat());
    let mut faults = Vec::new();
    for file in files(SOURCE).into_iter().chain(files(TESTS)) {
        for (number, line) in file.text.lines().enumerate() {
            let found = marks.iter().filter(|mark| line.contains(mark.as_str()));
            faults.extend(found.map(|mark| format!("{}:{} has {mark}", file.name, number + 1)));
        }
    }
    nothing(faults);
}
