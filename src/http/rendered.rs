//! Documents that are the same for everybody with the same definitions: rendered and compressed once, with an ETag
//! (<https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2>).

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, VARY};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::extract;
use super::negotiate::Form;
use super::reply::{self, Failure, gzip, not_modified, ok, takes_gzip};
use crate::definitions::Definitions;

/// Sets of definitions (those of projects with search parameters of their own) whose documents are kept.
const KEPT: usize = 16;

/// The documents of the server.
#[derive(Default)]
pub(super) struct Documents {
    pub capabilities: Rendered,
    pub openapi: Rendered,
}

#[derive(Default)]
pub(super) struct Rendered(Mutex<Vec<Arc<Page>>>);

pub(super) struct Page {
    definitions: Arc<Definitions>,
    body: Fixed,
    etag: String,
}

impl Rendered {
    pub fn kept(&self, definitions: &Arc<Definitions>) -> Option<Arc<Page>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|page| Arc::ptr_eq(&page.definitions, definitions)).map(Arc::clone)
    }

    /// The document of these definitions, rendered if it is not kept.
    pub fn of(&self, definitions: &Arc<Definitions>, render: impl FnOnce() -> Value) -> Arc<Page> {
        if let Some(page) = self.kept(definitions) {
            return page;
        }
        let page = Arc::new(Page::new(definitions, &render()));
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push(Arc::clone(&page));
        page
    }
}

impl Page {
    fn new(definitions: &Arc<Definitions>, document: &Value) -> Self {
        let text = document.to_string().into_bytes();
        let digest: String = Sha256::digest(&text).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let (definitions, body) = (Arc::clone(definitions), Fixed::new(text));
        Self { definitions, body, etag: format!("W/\"{digest}\"") }
    }

    /// The document, or that it is still the one that the client has.
    pub fn answer(
        &self,
        request: &HttpRequest,
        form: Form,
        media: &HeaderValue,
    ) -> Result<HttpResponse, Failure> {
        let tags = extract::header(request, &IF_NONE_MATCH)?;
        let unchanged = tags.is_some_and(|tags| tags.contains(&self.etag));
        let mut reply = if unchanged { not_modified() } else { ok() };
        reply.insert_header((ETAG, self.etag.as_str()));
        Ok(match unchanged {
            true => reply.finish(),
            false => self.body.reply(request, form, reply, media),
        })
    }
}

/// A body that is the same for everybody: rendered and compressed once.
struct Fixed {
    plain: Bytes,
    small: Option<Bytes>,
}

impl Fixed {
    fn new(body: Vec<u8>) -> Self {
        Self { small: gzip(&body).map(Bytes::from), plain: body.into() }
    }

    fn reply(
        &self,
        request: &HttpRequest,
        form: Form,
        mut reply: HttpResponseBuilder,
        media: &HeaderValue,
    ) -> HttpResponse {
        match &self.small {
            Some(small) if !form.pretty && takes_gzip(request) => reply
                .insert_header((CONTENT_TYPE, media.clone()))
                .insert_header((CONTENT_ENCODING, "gzip"))
                .insert_header((VARY, "Accept-Encoding"))
                .body(small.clone()),
            _ => reply::json(request, form, reply, media.clone(), self.plain.to_vec()),
        }
    }
}
