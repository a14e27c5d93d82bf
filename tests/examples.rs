//! The programs in `examples/` run.

#[path = "../examples/build.rs"]
mod build;
#[path = "../examples/compare.rs"]
mod compare;
#[path = "../examples/load.rs"]
mod load;
#[path = "../examples/measure.rs"]
mod measure;
#[path = "../examples/memory.rs"]
mod memory;

#[test]
fn each_runs_to_its_end() {
    for (name, example) in [
        (
            "build",
            build::main as fn() -> Result<(), Box<dyn std::error::Error>>,
        ),
        ("compare", compare::main),
        ("load", load::main),
        ("measure", measure::main),
        ("memory", memory::main),
    ] {
        let done = example();
        assert!(done.is_ok(), "{name}: {done:?}");
    }
}
