//! Signing in and what belongs to it: `/auth/…`, a file a subject.

mod password_policy;

pub(in crate::http) use password_policy::password_policy;
