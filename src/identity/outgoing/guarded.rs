//! Looks at every address that a name leads to, at the moment it is called (<https://www.rfc-editor.org/rfc/rfc6890>).

use ureq::Error;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::repo::subscription::is_public;

/// A resolver that leads to public addresses, or to `private` ones too.
#[derive(Debug)]
pub struct Guarded {
    resolver: DefaultResolver,
    private: bool,
}

impl Guarded {
    pub fn new(private: bool) -> Self {
        Self { resolver: DefaultResolver::default(), private }
    }
}

/// The name leads home.
#[derive(Debug)]
pub struct NotPublic;

impl std::fmt::Display for NotPublic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no public address")
    }
}

impl std::error::Error for NotPublic {}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.resolver.resolve(uri, config, timeout)?;
        if self.private {
            return Ok(found);
        }
        let mut public = self.empty();
        for address in found.iter().filter(|address| is_public(address.ip())) {
            public.push(*address);
        }
        if public.is_empty() { Err(Error::Other(Box::new(NotPublic))) } else { Ok(public) }
    }
}
