//! What the DNS says of a domain: its texts (<https://www.rfc-editor.org/rfc/rfc1035#section-3.3.14>).

use std::net::SocketAddr;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;

use crate::error::{Result, busy};
use crate::identity::Identity;

impl Identity {
    /// Asked anew each time, since whoever asks waits for a change.
    pub async fn texts_of_domain(&self, domain: &str) -> Result<Vec<String>> {
        let unable = |cause: &dyn std::fmt::Display| busy(format!("the DNS cannot be asked: {cause}"));
        let resolver = resolver(self.dns).map_err(|cause| unable(&cause))?;
        // With a dot at its end it is nobody's subdomain.
        let found = match resolver.txt_lookup(format!("{domain}.")).await {
            Ok(found) => found,
            Err(cause) if cause.is_no_records_found() || cause.is_nx_domain() => return Ok(Vec::new()),
            Err(cause) => return Err(unable(&cause)),
        };
        let texts = found.answers().iter().filter_map(|record| match &record.data {
            RData::TXT(text) => Some(String::from_utf8_lossy(&text.txt_data.concat()).into_owned()),
            _ => None,
        });
        Ok(texts.collect())
    }
}

/// Of this server, or of those that the machine asks.
fn resolver(
    server: Option<SocketAddr>,
) -> std::result::Result<TokioResolver, hickory_resolver::net::NetError> {
    match server {
        Some(server) => {
            let mut one = NameServerConfig::udp_and_tcp(server.ip());
            one.connections.iter_mut().for_each(|connection| connection.port = server.port());
            let config = ResolverConfig::from_name_servers(vec![one]);
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default()).build()
        }
        None => TokioResolver::builder_tokio()?.build(),
    }
}
