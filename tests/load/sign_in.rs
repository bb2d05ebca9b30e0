//! People who sign in again and again while reads are measured: that their passwords are hashed must not hold up
//! whoever reads.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;

use anyhow::{Result, ensure};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::client::{Connection, request};
use crate::server::{EMAIL, PASSWORD};

/// How many sign in at any moment.
pub const AT_ONCE: usize = 8;

pub struct Crowd {
    leaving: Rc<Cell<bool>>,
    people: Vec<JoinHandle<Result<u64>>>,
}

impl Crowd {
    pub fn gather(address: SocketAddr) -> Self {
        let leaving = Rc::new(Cell::new(false));
        let person = || actix_web::rt::spawn(sign_in(address, Rc::clone(&leaving)));
        Self { people: (0..AT_ONCE).map(|_| person()).collect(), leaving }
    }

    /// Gives how many sign-ins there were.
    pub async fn leave(self) -> Result<u64> {
        self.leaving.set(true);
        let mut times = 0;
        for person in self.people {
            times += person.await??;
        }
        Ok(times)
    }
}

async fn sign_in(address: SocketAddr, leaving: Rc<Cell<bool>>) -> Result<u64> {
    let mut connection = Connection::open(address).await?;
    let body = json!({ "email": EMAIL, "password": PASSWORD, "scope": "openid" }).to_string();
    let request = request("POST", "/auth/login", "", "", &body);
    let mut times = 0;
    while !leaving.get() {
        let (status, _, body) = connection.call(&request).await?;
        ensure!(status == 200, "sign-in: {status} {}", String::from_utf8_lossy(&body));
        times += 1;
    }
    Ok(times)
}
