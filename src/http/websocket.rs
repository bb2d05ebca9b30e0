//! The websocket of subscriptions (<https://hl7.org/fhir/R4/subscription.html#websockets>): a client sends `bind ID`,
//! is answered `bound ID`, and then hears `ping ID` for each change that its subscription matches.
//!
//! Who opens it says who he is with a bearer token in the Authorization header or, since a browser cannot send that, as
//! a subprotocol behind the word `bearer` (<https://www.rfc-editor.org/rfc/rfc6455#section-1.9>):
//! `new WebSocket(url, ["bearer", token])`. He binds to what he may read and to nothing else.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::http::header::SEC_WEBSOCKET_PROTOCOL;
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{CloseCode, CloseReason, Closed, Message, MessageStream, Session};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::reply::Failure;
use super::{State, extract, origin};
use crate::error::{Error, busy, malformed};
use crate::events::{Binding, Line, Notice};
use crate::repo::Repo;

/// Open at the same time, in this process.
const MOST_SOCKETS: usize = 10_000;
/// Subscriptions that one is bound to.
const MOST_BINDINGS: usize = 100;
/// Messages that were none, after which nobody is likely to mean well.
const MOST_FAULTS: usize = 20;
/// Longer than any `bind` there is.
const LONGEST: usize = 256;
const HEARTBEAT: Duration = Duration::from_secs(30);
const SCHEME: &str = "bearer";

static OPEN: AtomicUsize = AtomicUsize::new(0);

/// One of those that may be open.
struct Place;

impl Place {
    fn take() -> Result<Self, Failure> {
        if OPEN.fetch_add(1, Ordering::Relaxed) < MOST_SOCKETS {
            return Ok(Self);
        }
        OPEN.fetch_sub(1, Ordering::Relaxed);
        Err(busy("too many websockets are open").coded("throttled").into())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        OPEN.fetch_sub(1, Ordering::Relaxed);
    }
}

pub(super) async fn open(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Failure> {
    let token = token(&request)?;
    let caller = Caller {
        state: extract::shared(&request).clone(),
        request: extract::request_id(&request),
        token,
        address: origin::address(&request),
    };
    caller.repo().await?;
    let place = Place::take()?;
    let (answer, session, messages) = actix_ws::handle_with_protocols(&request, payload, &[SCHEME])
        .map_err(|_| malformed("this opens no websocket").coded("not-supported"))?;
    let (line, notices) = Line::new();
    let stopping = caller.state.events.stopping();
    let socket = Socket { caller, line, bound: BTreeMap::new(), faults: 0, _place: place };
    actix_web::rt::spawn(socket.run(session, messages.max_frame_size(LONGEST), notices, stopping));
    Ok(answer)
}

/// From the header, or from the list of subprotocols.
fn token(request: &HttpRequest) -> Result<String, Failure> {
    let offered = extract::header(request, &SEC_WEBSOCKET_PROTOCOL)?.unwrap_or_default();
    let mut offered = offered.split(',').map(str::trim);
    match (offered.next(), offered.next(), offered.next()) {
        (Some(SCHEME), Some(token), None) if !token.is_empty() => Ok(token.to_owned()),
        _ => extract::bearer(request).map(str::to_owned),
    }
}

/// Whoever opened it, for as long as he may.
struct Caller {
    state: web::Data<State>,
    /// The id of the request that it was opened by.
    request: String,
    token: String,
    /// Where it was opened from.
    address: Option<IpAddr>,
}

impl Caller {
    async fn repo(&self) -> Result<Repo, Error> {
        let actor = match self.state.identity.known(&self.token) {
            Some(actor) => actor,
            None => self.state.identity.authenticate(&self.token).await?,
        };
        extract::admitted(&actor, self.address)?;
        Ok(self.state.engine.bind(actor, &self.request))
    }
}

struct Socket {
    caller: Caller,
    line: Line,
    bound: BTreeMap<String, Binding>,
    faults: usize,
    _place: Place,
}

/// Why a socket is closed by this side.
enum End {
    /// The other side is gone already.
    Gone,
    Because(CloseCode, &'static str),
}

impl From<Closed> for End {
    fn from(_: Closed) -> Self {
        Self::Gone
    }
}

impl Socket {
    async fn run(
        mut self,
        mut session: Session,
        mut messages: MessageStream,
        mut notices: mpsc::Receiver<Notice>,
        mut stopping: watch::Receiver<bool>,
    ) {
        let mut heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut alive = true;
        let line = self.line.clone();
        let end = loop {
            let step = tokio::select! {
                message = messages.recv() => {
                    alive = true;
                    match message {
                        Some(Ok(message)) => self.hear(&mut session, message).await,
                        Some(Err(_)) => Err(End::Because(CloseCode::Protocol, "this is no message of a client")),
                        None => Err(End::Gone),
                    }
                }
                Some(notice) = notices.recv() => self.tell(&mut session, notice).await,
                _ = heartbeat.tick() => match std::mem::take(&mut alive) {
                    true => self.beat(&mut session).await,
                    false => Err(End::Gone),
                },
                () = line.overrun() => Err(End::Because(CloseCode::Policy, "more pings wait than are read")),
                _ = stopping.wait_for(|stopping| *stopping) => Err(End::Because(CloseCode::Away, "the server stops")),
            };
            if let Err(end) = step {
                break end;
            }
        };
        if let End::Because(code, text) = end {
            // Who is gone need not be told.
            let _ = session.close(Some(CloseReason { code, description: Some(text.to_owned()) })).await;
        }
    }

    async fn hear(&mut self, session: &mut Session, message: Message) -> Result<(), End> {
        match message {
            Message::Text(text) => self.command(session, &text).await,
            Message::Ping(bytes) => Ok(session.pong(&bytes).await?),
            Message::Pong(_) | Message::Nop => Ok(()),
            Message::Close(_) => Err(End::Because(CloseCode::Normal, "as you wish")),
            Message::Binary(_) | Message::Continuation(_) => {
                Err(End::Because(CloseCode::Unsupported, "messages are texts of one frame"))
            }
        }
    }

    async fn command(&mut self, session: &mut Session, text: &str) -> Result<(), End> {
        let Some(id) = text.trim().strip_prefix("bind ").map(str::trim) else {
            return self.refuse(session, "the one message that is understood is `bind ID`").await;
        };
        let Ok(repo) = self.caller.repo().await else {
            return Err(End::Because(CloseCode::Policy, "the session has ended"));
        };
        if self.bound.len() >= MOST_BINDINGS && !self.bound.contains_key(id) {
            return self.refuse(session, "this websocket is bound to as many as it can be").await;
        }
        match self.caller.state.events.bind(&repo, id, &self.line).await {
            Ok(binding) => {
                self.bound.insert(id.to_owned(), binding);
                Ok(session.text(format!("bound {id}")).await?)
            }
            Err(error) => {
                let text = error.issues.first().map_or("it cannot be bound", |issue| issue.text.as_str());
                self.refuse(session, text).await
            }
        }
    }

    /// The standard has no word for this.
    async fn refuse(&mut self, session: &mut Session, text: &str) -> Result<(), End> {
        self.faults += 1;
        if self.faults > MOST_FAULTS {
            return Err(End::Because(CloseCode::Policy, "too many messages that were none"));
        }
        Ok(session.text(format!("error {text}")).await?)
    }

    async fn tell(&mut self, session: &mut Session, notice: Notice) -> Result<(), End> {
        self.prove().await?;
        match notice {
            Notice::Matched(id) => Ok(session.text(format!("ping {id}")).await?),
            Notice::Ended(id) => {
                self.bound.remove(&id);
                Ok(session.text(format!("unbound {id}")).await?)
            }
        }
    }

    async fn beat(&mut self, session: &mut Session) -> Result<(), End> {
        self.prove().await?;
        Ok(session.ping(b"").await?)
    }

    /// Whether the token that opened it is still good.
    async fn prove(&self) -> Result<(), End> {
        match self.caller.repo().await {
            Ok(_) => Ok(()),
            Err(_) => Err(End::Because(CloseCode::Policy, "the session has ended")),
        }
    }
}
