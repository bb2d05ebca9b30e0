//! Somebody who is notified: a small HTTP server that keeps what it is sent and answers as it is told.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver as Channel, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

use super::DEADLINE;

/// What came.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: String,
    pub path: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Received {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The event, which is the same with each attempt.
    pub fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    pub fn family(&self) -> String {
        self.json()["name"][0]["family"].as_str().expect("a patient").to_owned()
    }
}

type Answer = Box<dyn Fn(&Received) -> String + Send + Sync>;

/// Listens until it is dropped.
pub struct Receiver {
    /// `http://127.0.0.1:PORT/here`
    pub url: String,
    received: Channel<Received>,
    answer: Arc<Mutex<Answer>>,
    port: u16,
    over: Arc<AtomicBool>,
}

/// An answer without a body.
pub fn status(code: u16) -> String {
    format!("HTTP/1.1 {code} Whatever\r\nContent-Length: 0\r\n\r\n")
}

impl Receiver {
    /// One who takes everything.
    pub fn new() -> Self {
        Self::answering(|_| status(200))
    }

    /// One who answers with what `answer` makes of a request.
    pub fn answering(answer: impl Fn(&Received) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (sender, received) = channel();
        let answer: Arc<Mutex<Answer>> = Arc::new(Mutex::new(Box::new(answer)));
        let over = Arc::new(AtomicBool::new(false));
        let (answers, done) = (Arc::clone(&answer), Arc::clone(&over));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if done.load(Ordering::Acquire) {
                    return;
                }
                let (sender, answers) = (sender.clone(), Arc::clone(&answers));
                thread::spawn(move || serve(stream, &sender, &answers));
            }
        });
        Self { url: format!("http://127.0.0.1:{port}/here"), received, answer, port, over }
    }

    /// From now on it answers otherwise.
    pub fn answer(&self, answer: impl Fn(&Received) -> String + Send + Sync + 'static) {
        *self.answer.lock().expect("whole") = Box::new(answer);
    }

    /// The next that comes.
    #[track_caller]
    pub fn next(&self) -> Received {
        self.received.recv_timeout(DEADLINE).expect("somebody is notified")
    }

    /// What has come by now.
    pub fn all(&self) -> Vec<Received> {
        self.received.try_iter().collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Release);
        // Wakes the one who listens; he may be gone.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

/// Serves one connection to its end.
fn serve(stream: TcpStream, sender: &Sender<Received>, answer: &Mutex<Answer>) {
    let mut writer = stream.try_clone().expect("a second end");
    let mut reader = BufReader::new(stream);
    while let Some(received) = read(&mut reader) {
        let text = answer.lock().expect("whole")(&received);
        // Noted before it is answered, so that whoever sees the answer at work finds it here.
        let heard = sender.send(received).is_ok();
        if !heard || writer.write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Received> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Received { method, path, headers, body })
}
