//! The result store from outside: same bytes whatever happens on the way, nothing foreign touched,
//! nothing half-written read as whole.

mod fixture;
mod folder;
mod resume;
mod tables;
