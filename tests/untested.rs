//! The last of the test binaries: tells which tests did not run, or not wholly, and why. It is no test.

use std::collections::BTreeMap;
use std::fs;

// The others note, this one reads.
#[allow(dead_code)]
mod tools;

fn main() {
    // Whoever asks for the list of tests gets none.
    if std::env::args().any(|word| word == "--list") {
        return;
    }
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for note in fs::read_dir(tools::notes()).into_iter().flatten().flatten() {
        let reason = fs::read_to_string(note.path()).expect("a note");
        let place = note.file_name().to_string_lossy().replace('+', "/");
        let places = reasons.entry(reason).or_default();
        places.push(place);
    }
    if reasons.is_empty() {
        println!("\nNo test lacked a tool.");
    }
    for (reason, mut places) in reasons {
        places.sort();
        let tests = if places.len() == 1 { "test" } else { "tests" };
        println!(
            "\n{} {tests} did not run, or not wholly: {reason}",
            places.len()
        );
        println!("    {}", places.join(" "));
    }
    // The next run notes anew.
    let _ = fs::remove_dir_all(tools::notes());
}
