//! The RESTful API: <https://hl7.org/fhir/R4/http.html>.

mod conditional_create;
mod conditional_delete;
mod conditional_read;
mod conditional_update;
mod create;
mod delete;
mod history;
mod metadata;
mod negotiation;
mod read;
mod search_bad;
mod search_common;
mod search_control;
mod search_date;
mod search_number;
mod search_paging;
mod search_reference;
mod search_sort;
mod search_string;
mod search_token;
mod search_uri;
mod unknown;
mod update;
mod validation;
mod vread;
