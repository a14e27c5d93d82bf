//! Processes of this machine that belong to a scratch folder.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Whether a process lives and has to do with a folder: its environment, its command line or an open file
/// names it. (The title of slurmstepd overwrites its environment, but its log is open.)
fn belongs(pid: u32, dir: &str) -> bool {
    let proc = Path::new("/proc").join(pid.to_string());
    let holds = |file: &str| {
        fs::read(proc.join(file)).is_ok_and(|b| b.windows(dir.len()).any(|w| w == dir.as_bytes()))
    };
    let open = || {
        let links = fs::read_dir(proc.join("fd")).ok();
        links.is_some_and(|links| {
            links
                .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
                .any(|target| target.to_string_lossy().starts_with(dir))
        })
    };
    alive(pid) && (holds("environ") || holds("cmdline") || open())
}

/// Whether a process is there and is no zombie.
pub fn alive(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat
        .rsplit(") ")
        .next()
        .and_then(|rest| rest.chars().next());
    !matches!(state, None | Some('Z' | 'X'))
}

/// The processes of a folder, without the one that asks.
pub fn of(dir: &Path) -> Vec<u32> {
    let dir = dir.to_str().unwrap();
    let pids = fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let pid = entry.ok()?.file_name().to_str()?.parse().ok()?;
        (pid != std::process::id() && belongs(pid, dir)).then_some(pid)
    });
    pids.collect()
}

/// The words that a process was started with.
pub fn words(pid: u32) -> Vec<String> {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words = line.split(|byte| *byte == 0);
    words
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .collect()
}

/// A variable of the environment that a process was started with.
pub fn variable(pid: u32, name: &str) -> Option<String> {
    let environment = fs::read(format!("/proc/{pid}/environ")).ok()?;
    environment.split(|byte| *byte == 0).find_map(|line| {
        let line = String::from_utf8_lossy(line);
        let (key, value) = line.split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}

/// Sends a signal to processes, all in one call; those that are gone are none of its business.
pub fn signal(name: &str, pids: &[u32]) {
    if !pids.is_empty() {
        let pids = pids.iter().map(ToString::to_string);
        let _ = Command::new("kill").args(["-s", name]).args(pids).output();
    }
}
