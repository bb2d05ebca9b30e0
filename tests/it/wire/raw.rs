//! Bytes that no client library would send.

use std::io::{Read, Write};
use std::net::TcpStream;

/// What a server at `http://HOST:PORT` answers to these bytes, until it closes.
pub fn exchange(address: &str, sent: &[u8]) -> String {
    let host = address.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(host).expect("it listens");
    stream.write_all(sent).expect("it reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}
