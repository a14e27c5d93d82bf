//! The program as a process: arguments, words, exit codes, files, signals, engines of clusters, browsers.
//! What the library promises is in `library.rs`.
//!
//! Every test starts the program, so nothing here needs a process of its own. Name what you want, as in
//! `cargo test --release --test program sweep::signals`.

// Tests may say what they expect with the system's functions.
#![allow(clippy::disallowed_methods)]

mod browser;
mod chinese;
mod cli;
mod cluster;
mod sweep;
mod tools;
