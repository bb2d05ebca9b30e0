//! The least HTTP/1.1 client that a benchmark needs: requests are bytes, answers stay in the buffer.
//!
//! It must cost little, for it runs on the cores of the server that it measures.

use std::future::poll_fn;
use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;

use actix_web::rt::net::TcpStream;
use serde_json::Value;
use tokio::io::{AsyncRead, ReadBuf};

/// No answer after this long is a failure, not a slow answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A keep-alive connection with at most one request under way.
pub struct Connection {
    stream: TcpStream,
    /// The answer, from its first byte.
    buffer: Vec<u8>,
    filled: usize,
}

pub struct Answer<'a> {
    pub status: u16,
    /// The status line and the headers.
    head: &'a str,
    pub body: &'a [u8],
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 16 * 1024], filled: 0 })
    }

    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.send(request).await?;
        self.filled = 0;
        let (status, head, length) = loop {
            if self.receive().await? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            if let Some(found) = head_of(&self.buffer[..self.filled])? {
                break found;
            }
        };
        while self.filled < head + length {
            if self.receive().await? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        let head_text = std::str::from_utf8(&self.buffer[..head]).map_err(|_| broken("a head in ASCII"))?;
        Ok(Answer { status, head: head_text, body: &self.buffer[head..head + length] })
    }

    /// For everything that is not measured: with a limit of time, and an answer that is ours.
    pub async fn call(&mut self, request: &[u8]) -> Result<(u16, String, Vec<u8>)> {
        let answer = tokio::time::timeout(PATIENCE, self.ask(request)).await??;
        Ok((answer.status, answer.head.to_owned(), answer.body.to_vec()))
    }

    async fn send(&mut self, mut request: &[u8]) -> Result<()> {
        while !request.is_empty() {
            match self.stream.try_write(request) {
                Ok(sent) => request = &request[sent..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.stream.writable().await?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn receive(&mut self) -> Result<usize> {
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let room = &mut self.buffer[self.filled..];
        // Polled as AsyncRead and not by `try_read`: that would ask the kernel once more in vain.
        let got = poll_fn(|context| {
            let mut room = ReadBuf::new(room);
            Pin::new(&mut self.stream).poll_read(context, &mut room).map_ok(|()| room.filled().len())
        })
        .await?;
        self.filled += got;
        Ok(got)
    }
}

impl Answer<'_> {
    pub fn header(&self, name: &str) -> Option<&str> {
        header(self.head, name)
    }
}

/// The value of a header in the head of an answer.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.split("\r\n").skip(1).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// Status, length of the head, and length of the body, once the head is complete.
fn head_of(bytes: &[u8]) -> Result<Option<(u16, usize, usize)>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&bytes[..end]).map_err(|_| broken("a head in ASCII"))?;
    let status = text.get(9..12).and_then(|digits| digits.parse().ok()).ok_or(broken("a status"))?;
    if matches!(status, 204 | 304) {
        return Ok(Some((status, end + 4, 0)));
    }
    let length = header(text, "content-length").and_then(|length| length.parse().ok());
    Ok(Some((status, end + 4, length.ok_or(broken("a Content-Length"))?)))
}

fn broken(missing: &str) -> Error {
    Error::new(ErrorKind::InvalidData, format!("an answer without {missing}"))
}

/// A request with a bearer token; `extra` are whole header lines.
pub fn request(method: &str, path: &str, token: &str, extra: &str, body: &str) -> Vec<u8> {
    let length = match method {
        "GET" => String::new(),
        _ => format!("Content-Type: application/fhir+json\r\nContent-Length: {}\r\n", body.len()),
    };
    format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\
         Accept: application/fhir+json\r\n{length}{extra}\r\n{body}"
    )
    .into_bytes()
}

/// The JSON of a body, or an error that shows its beginning.
pub fn json(body: &[u8]) -> anyhow::Result<Value> {
    serde_json::from_slice(body).map_err(|error| {
        let start = String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
        anyhow::anyhow!("{error} in the answer {start}")
    })
}

/// A value for the query of an address.
pub fn encoded(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}
