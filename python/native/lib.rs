//! What the Python package takes from the library: commands, scenarios, tables and figures. What Python shows to its users
//! is in `src/pointplane`; here nothing is decided.

mod call;
mod figures;
mod scenario;
mod table;

use pyo3::prelude::*;

/// The compiled part of the package.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::call::{Answer, call, program};
    #[pymodule_export]
    use super::figures::{Report, report};
    #[pymodule_export]
    use super::scenario::{Loaded, Problems, load, parameters};
    #[pymodule_export]
    use super::table::{Table, read, tables};
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
