//! The routes of this room, for `/openapi.json`.

use crate::http::openapi::{By, Entry, FHIR, HTML, JSON, get};

const TEXT: &str = "text/plain";

pub(in crate::http) fn describe() -> Vec<Entry> {
    vec![
        get("/", "What runs here, and how to begin").gives(200, "A page", HTML, "string"),
        get("/README.md", "How to use it").gives(200, "The README", "text/markdown", "string"),
        get("/openapi.json", "This description")
            .with("If-None-Match")
            .with("_pretty")
            .gives(200, "The description", JSON, "{openapi: string, *}")
            .heading(200, &["ETag"])
            .says(304, "It is as it was")
            .refuses(&[400, 406]),
        get("/healthz", "Whether the process lives").gives(200, "It does", TEXT, "string"),
        get("/readyz", "Whether the database answers").gives(200, "It does", TEXT, "string").gives(
            503,
            "It does not",
            TEXT,
            "string",
        ),
        get("/websocket", "Opens a websocket on which subscriptions are bound and heard")
            .by(By::Caller)
            .parameter(
                "header",
                "Sec-WebSocket-Protocol",
                "string",
                "`bearer, TOKEN`, where no other header can be sent",
            )
            .says(101, "The websocket is open")
            .gives(400, "This opens no websocket", FHIR, "OperationOutcome")
            .refuses(&[401]),
    ]
}
