//! Dask on a real Slurm, from the Python package.

use std::path::Path;

use super::fixture::scratch;
use super::slurm::Slurm;
use crate::tools::there;

/// Shards go to Dask workers that Slurm runs; one of them is killed, and the bytes are those of one thread.
#[test]
fn shards_of_python_run_on_dask_workers_of_slurm() {
    let python = std::env::var_os("POINTPLANE_DASK");
    let reason = "no Python with the package, distributed and dask-jobqueue is named in POINTPLANE_DASK (.ci/python makes one)";
    if !there(python.is_some(), reason) {
        return;
    }
    let dir = scratch();
    let Some(slurm) = Slurm::start(dir.path()) else {
        return;
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = slurm.command(python.expect("named above"));
    let results = scratch();
    let output = command
        .arg(root.join("python/tests/on_slurm.py"))
        .arg(results.path())
        .current_dir(root)
        .output()
        .expect("a Python");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    assert_eq!(output.stdout, b"the same bytes\n", "{told}");
}
