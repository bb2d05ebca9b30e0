//! Mail by SMTP (<https://www.rfc-editor.org/rfc/rfc5321>), encrypted unless it goes no further than this machine
//! (<https://www.rfc-editor.org/rfc/rfc8314>).

use std::net::ToSocketAddrs;
use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport};
use url::Url;

use super::project::Server;
use super::unsent;
use crate::error::{Result, malformed};
use crate::repo::subscription::is_public;

/// How a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cover {
    /// From the first byte.
    Whole,
    /// After STARTTLS, or not at all.
    Upgraded,
    /// After STARTTLS, where it is offered.
    Offered,
    None,
}

pub(super) struct Smtp {
    transport: SmtpTransport,
    /// Looked up before each mail, where only public addresses are allowed.
    watched: Option<(String, u16)>,
}

impl Smtp {
    /// `smtp://USER:PASSWORD@HOST:PORT?tls=required`, or `smtps://`.
    pub fn of_url(url: &Url, timeout: Duration) -> Result<Self> {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let named = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let cover = cover(&host, url.scheme() == "smtps", named.as_deref())?;
        let user = Some(decoded(url.username())).filter(|user| !user.is_empty());
        let password = url.password().map(decoded).unwrap_or_default();
        let credentials = user.map(|user| Credentials::new(user, password));
        Ok(Self { transport: build(&host, url.port(), cover, credentials, timeout)?, watched: None })
    }

    pub fn of_project(server: Server, timeout: Duration, private: bool) -> Result<Self> {
        let cover = cover(&server.host, server.port == Some(465), server.tls.as_deref())?;
        let credentials = server.user.map(|user| Credentials::new(user, server.password.unwrap_or_default()));
        let port = server.port.unwrap_or_else(|| port(cover));
        let watched = (!private).then(|| (server.host.clone(), port));
        Ok(Self { transport: build(&server.host, Some(port), cover, credentials, timeout)?, watched })
    }

    pub fn send(&self, message: &Message) -> Result<()> {
        if let Some((host, port)) = &self.watched {
            let mut found = (host.as_str(), *port).to_socket_addrs().map_err(unsent)?;
            if !found.all(|address| is_public(address.ip())) {
                return Err(unsent(format!("the mail server {host} has an address that is not public")));
            }
        }
        self.transport.send(message).map(drop).map_err(unsent)
    }
}

fn cover(host: &str, whole: bool, named: Option<&str>) -> Result<Cover> {
    let near = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    match named {
        Some("none") => Ok(Cover::None),
        Some("opportunistic") => Ok(Cover::Offered),
        Some("wrapper") => Ok(Cover::Whole),
        None if whole => Ok(Cover::Whole),
        None if near => Ok(Cover::Offered),
        None | Some("required") => Ok(Cover::Upgraded),
        Some(other) => Err(malformed(format!(
            "'{other}' is no way to encrypt mail; there are required, opportunistic, wrapper and none"
        ))),
    }
}

fn port(cover: Cover) -> u16 {
    match cover {
        Cover::Whole => 465,
        Cover::Upgraded => 587,
        Cover::Offered | Cover::None => 25,
    }
}

fn build(
    host: &str,
    named: Option<u16>,
    cover: Cover,
    credentials: Option<Credentials>,
    timeout: Duration,
) -> Result<SmtpTransport> {
    let parameters = || TlsParameters::new(host.to_owned()).map_err(|error| malformed(error.to_string()));
    let tls = match cover {
        Cover::Whole => Tls::Wrapper(parameters()?),
        Cover::Upgraded => Tls::Required(parameters()?),
        Cover::Offered => Tls::Opportunistic(parameters()?),
        Cover::None => Tls::None,
    };
    let mut builder = SmtpTransport::builder_dangerous(host)
        .port(named.unwrap_or_else(|| port(cover)))
        .tls(tls)
        .timeout(Some(timeout));
    if let Some(credentials) = credentials {
        builder = builder.credentials(credentials);
    }
    Ok(builder.build())
}

/// What stands for itself in an address once it is decoded.
fn decoded(text: &str) -> String {
    percent(text).unwrap_or_else(|| text.to_owned())
}

fn percent(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        if *first == b'%' {
            let code = std::str::from_utf8(behind.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(code, 16).ok()?);
            rest = &behind[2..];
        } else {
            bytes.push(*first);
            rest = behind;
        }
    }
    String::from_utf8(bytes).ok()
}
