//! As much of a websocket client as tests need (<https://www.rfc-editor.org/rfc/rfc6455#section-5.2>).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use super::DEADLINE;

pub struct WebSocket {
    stream: BufReader<TcpStream>,
    /// Headers of the answer that opened it.
    pub answer: String,
}

/// What comes over it.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    Text(String),
    Close(u16),
}

impl WebSocket {
    /// Opens one with these headers, or gives the status of the refusal.
    pub fn open(address: &str, headers: &str) -> Result<Self, u16> {
        let host = address.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).expect("the server listens");
        stream.set_read_timeout(Some(DEADLINE)).expect("a socket");
        write!(
            stream,
            "GET /websocket HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\n{headers}\r\n"
        )
        .expect("it reads");
        let mut stream = BufReader::new(stream);
        let mut answer = String::new();
        while !answer.ends_with("\r\n\r\n") {
            assert!(stream.read_line(&mut answer).expect("an answer") > 0, "{answer}");
        }
        let status = answer.split(' ').nth(1).expect("a status").parse().expect("a number");
        if status == 101 { Ok(Self { stream, answer }) } else { Err(status) }
    }

    /// By a token in the header.
    pub fn with_token(address: &str, token: &str) -> Self {
        Self::open(address, &format!("Authorization: Bearer {token}\r\n")).expect("a websocket")
    }

    pub fn send(&mut self, text: &str) {
        self.frame(0x81, text.as_bytes());
    }

    /// A frame of any sort, masked as those of clients are.
    pub fn frame(&mut self, first: u8, bytes: &[u8]) {
        const MASK: [u8; 4] = [1, 2, 3, 4];
        let mut frame = vec![first];
        match u8::try_from(bytes.len()) {
            Ok(length) if length < 126 => frame.push(0x80 | length),
            _ => {
                frame.push(0x80 | 126);
                frame.extend(u16::try_from(bytes.len()).expect("a small message").to_be_bytes());
            }
        }
        frame.extend(MASK);
        frame.extend(bytes.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        self.stream.get_mut().write_all(&frame).expect("it reads");
    }

    /// The next that is no heartbeat.
    pub fn next(&mut self) -> Frame {
        loop {
            let mut head = [0; 2];
            self.stream.read_exact(&mut head).expect("a frame");
            let length = match head[1] & 0x7f {
                126 => {
                    let mut long = [0; 2];
                    self.stream.read_exact(&mut long).expect("a length");
                    usize::from(u16::from_be_bytes(long))
                }
                short => usize::from(short),
            };
            let mut body = vec![0; length];
            self.stream.read_exact(&mut body).expect("a frame");
            match head[0] & 0x0f {
                1 => return Frame::Text(String::from_utf8(body).expect("text")),
                8 => return Frame::Close(u16::from_be_bytes([body[0], body[1]])),
                9 | 10 => {}
                other => panic!("a frame of sort {other}"),
            }
        }
    }

    /// The next message.
    #[track_caller]
    pub fn text(&mut self) -> String {
        match self.next() {
            Frame::Text(text) => text,
            Frame::Close(code) => panic!("closed with {code}"),
        }
    }
}
