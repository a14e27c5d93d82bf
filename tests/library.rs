//! What the library promises, from outside: the model against exact laws and a second implementation, scenario
//! files, stores, comparisons, documents. What the program does as a whole is in `program.rs`.
//!
//! One binary, because each links the whole library: name what you want, as in
//! `cargo test --release --test library oracles::waiting`.

// Tests may say what they expect with the system's functions.
#![allow(clippy::disallowed_methods)]

mod chinese;
mod common;
mod documents;
mod doubts;
mod draws;
mod examples;
mod explain;
mod firms;
mod inference;
mod oracles;
mod paired;
mod published;
mod reference;
mod scenario_files;
mod sensitivity;
mod store;
mod tools;
