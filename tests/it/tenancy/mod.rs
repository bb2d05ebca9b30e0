//! Projects, their pools of users, and the walls between them.

mod isolation;
mod pools;
mod race;
mod rights;
