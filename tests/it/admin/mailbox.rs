//! A directory that mail is put into, one for each database.

use std::fs;
use std::path::PathBuf;

use roster::config::Config;

use crate::world::World;

fn folder(database: &str) -> PathBuf {
    let name: String = database.chars().filter(char::is_ascii_alphanumeric).collect();
    std::env::temp_dir().join("roster-mail").join(name)
}

/// Has a server put its mail there.
pub fn into_files(config: &mut Config) {
    let folder = folder(&config.database);
    fs::create_dir_all(&folder).expect("a folder");
    config.mail.transport = format!("dir:{}", folder.display());
}

/// The mails so far, oldest first, as they go over the wire but in whole lines; the box is empty then.
pub fn take(world: &World) -> Vec<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder(&world.database.url))
        .expect("a folder")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|end| end == "eml"))
        .collect();
    files.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a text");
        fs::remove_file(path).expect("a file");
        text.replace("=\r\n", "").replace("=3D", "=").replace("\r\n", "\n")
    };
    files.into_iter().map(read).collect()
}

/// The path of the link in a mail: page, id and secret.
pub fn link(mail: &str) -> (String, String, String) {
    let place = mail.find("https://roster.test/").expect("a link");
    let link = mail[place..].split_whitespace().next().expect("a link");
    let mut parts = link.trim_start_matches("https://roster.test/").split('/').map(str::to_owned);
    let mut next = || parts.next().expect("a part of the link");
    (next(), next(), next())
}
