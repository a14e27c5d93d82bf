//! Sweeps under real engines: what survives there, and that the tables are those of one thread.
//!
//! The engines are Debian's `slurm-wlm`, `munge`, `parallel` and `shellcheck`. A machine without them passes, and
//! the last lines of `cargo test` say so, unless `POINTPLANE_NEEDS_CLUSTER=1` is set.

mod array;
mod dask;
mod fixture;
mod local;
mod processes;
mod slurm;
mod words;
