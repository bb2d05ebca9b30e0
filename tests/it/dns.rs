//! A name server that knows what a test has told it, and of no other domain.

use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex};
use std::thread;

use hickory_resolver::proto::op::{Message, Metadata, ResponseCode};
use hickory_resolver::proto::rr::rdata::TXT;
use hickory_resolver::proto::rr::{RData, Record};

type Texts = Arc<Mutex<HashMap<String, Vec<String>>>>;

pub struct Dns {
    pub address: SocketAddr,
    texts: Texts,
}

impl Dns {
    /// On a port of its own; its thread ends with the process.
    pub fn serve() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let address = socket.local_addr().expect("an address");
        let texts = Texts::default();
        let known = Arc::clone(&texts);
        thread::spawn(move || {
            let mut packet = [0; 1500];
            while let Ok((length, asker)) = socket.recv_from(&mut packet) {
                if let Ok(question) = Message::from_vec(&packet[..length]) {
                    let answer = answer(&question, &known).to_vec().expect("a packet");
                    socket.send_to(&answer, asker).expect("a way back");
                }
            }
        });
        Self { address, texts }
    }

    pub fn says(&self, domain: &str, texts: &[&str]) {
        let texts = texts.iter().map(|text| (*text).to_owned()).collect();
        self.texts.lock().expect("nobody panicked").insert(format!("{domain}."), texts);
    }
}

fn answer(question: &Message, texts: &Texts) -> Message {
    let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
    answer.metadata = Metadata::response_from_request(&question.metadata);
    let query = question.queries[0].clone();
    let texts = texts.lock().expect("nobody panicked");
    match texts.get(&query.name().to_string().to_lowercase()) {
        Some(texts) => answer.add_answers(texts.iter().map(|text| {
            Record::from_rdata(query.name().clone(), 0, RData::TXT(TXT::new(vec![text.clone()])))
        })),
        None => {
            answer.metadata.response_code = ResponseCode::NXDomain;
            &mut answer
        }
    };
    answer.add_query(query);
    answer
}
