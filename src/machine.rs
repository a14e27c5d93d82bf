//! What there is of memory on this machine, for this process.

use std::fs;
use std::path::{Path, PathBuf};

/// Bytes in words.
pub fn size(bytes: u64) -> String {
    let mut value = bytes as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 999.5 {
            let decimals = usize::from(value < 9.95 && unit != "B");
            return format!("{value:.decimals$} {unit}");
        }
        value /= 1000.0;
    }
    format!("{value:.1} TB")
}

/// Address space that the allocator sets aside for each thread that allocates (glibc), whatever is used of it.
const HEAP: u64 = 64 << 20;

/// Bytes that this process can still use on so many threads: from the system's count, the limits of its control
/// groups (Linux, versions 1 and 2) and its own limits of address space (`ulimit -v`, Grid Engine's `h_vmem`) and of
/// data (`ulimit -d`), to which counts as room what it already holds; none where that cannot be known.
pub fn available_memory(threads: u32) -> Option<u64> {
    if cfg!(target_os = "linux") {
        available_under(Path::new("/"), threads)
    } else {
        None
    }
}

/// The same with the file system's root elsewhere.
fn available_under(root: &Path, threads: u32) -> Option<u64> {
    let system = read(root.join("proc/meminfo")).and_then(|text| {
        let kib = field(&text, "MemAvailable:")?;
        Some(kib.saturating_mul(1024))
    });
    // This thread has its heap.
    let others = u64::from(threads.saturating_sub(1));
    let own = limits_allow(root, others.saturating_mul(HEAP));
    system
        .into_iter()
        .chain(groups_allow(root))
        .chain(own)
        .min()
}

/// What the limits of this process leave when `aside` bytes of address space are set aside.
fn limits_allow(root: &Path, aside: u64) -> Vec<u64> {
    let limits = read(root.join("proc/self/limits")).unwrap_or_default();
    let status = read(root.join("proc/self/status")).unwrap_or_default();
    let room = |(limit, used, held): (&str, &str, &str)| {
        let line = limits.lines().find_map(|line| line.strip_prefix(limit))?;
        let limit: u64 = line.split_whitespace().next()?.parse().ok()?;
        let kib = |name: &str| Some(field(&status, name)?.saturating_mul(1024));
        let empty = kib(used)?.saturating_sub(kib(held).unwrap_or(0));
        Some(limit.saturating_sub(empty).saturating_sub(aside))
    };
    let all = [
        ("Max address space", "VmSize:", "VmRSS:"),
        ("Max data size", "VmData:", "RssAnon:"),
    ];
    all.into_iter().filter_map(room).collect()
}

/// Room that each control group of this process leaves, innermost first.
fn groups_allow(root: &Path) -> Vec<u64> {
    let mut room = Vec::new();
    let text = read(root.join("proc/self/cgroup")).unwrap_or_default();
    for line in text.lines() {
        let mut parts = line.splitn(3, ':');
        let (Some(_), Some(controllers), Some(path)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let (base, files) = if controllers.is_empty() {
            (
                "sys/fs/cgroup",
                ["memory.max", "memory.current", "inactive_file"],
            )
        } else if controllers.split(',').any(|name| name == "memory") {
            let v1 = [
                "memory.limit_in_bytes",
                "memory.usage_in_bytes",
                "total_inactive_file",
            ];
            ("sys/fs/cgroup/memory", v1)
        } else {
            continue;
        };
        // Inside a container the path may be the host's: its missing folders are passed over.
        let base = root.join(base);
        for folder in Path::new(path.trim_start_matches('/')).ancestors() {
            room.extend(room_in(&base.join(folder), files));
        }
    }
    room
}

/// Limit less use of one control group; file pages that can be dropped do not count as used.
fn room_in(folder: &Path, [limit, usage, cache]: [&str; 3]) -> Option<u64> {
    let number = |name: &str| read(folder.join(name))?.trim().parse::<u64>().ok();
    let limit = number(limit)?;
    let cached = read(folder.join("memory.stat")).and_then(|text| field(&text, cache));
    let used = number(usage)
        .unwrap_or(0)
        .saturating_sub(cached.unwrap_or(0));
    Some(limit.saturating_sub(used))
}

/// The number after the word `name` at the start of a line.
fn field(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some(name)).then(|| words.next()?.parse().ok())?
    })
}

/// A file of the system, if it can be read.
fn read(path: PathBuf) -> Option<String> {
    fs::read_to_string(path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tightest_limit_counts() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        assert_eq!(available_under(root.path(), 0), None);
        write(
            "proc/meminfo",
            "MemTotal: 9000 kB\nMemAvailable:    8000 kB\n",
        );
        assert_eq!(available_under(root.path(), 0), Some(8_192_000));
        // Version 2: the outer group is tighter; inactive file pages can be dropped.
        write("proc/self/cgroup", "1:cpu:/x\n0::/outer/inner\n");
        write("sys/fs/cgroup/outer/inner/memory.max", "max\n");
        write("sys/fs/cgroup/outer/memory.max", "5000\n");
        write("sys/fs/cgroup/outer/memory.current", "3000\n");
        assert_eq!(available_under(root.path(), 0), Some(2000));
        write(
            "sys/fs/cgroup/outer/memory.stat",
            "anon 1\ninactive_file 500\n",
        );
        assert_eq!(available_under(root.path(), 0), Some(2500));
        // Version 1, where the folder of the path is not visible.
        write("proc/self/cgroup", "4:cpu,memory:/host/path\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "700\n");
        write("sys/fs/cgroup/memory/memory.usage_in_bytes", "900\n");
        assert_eq!(available_under(root.path(), 0), Some(0));
        write("proc/self/cgroup", "nonsense\n");
        write("proc/meminfo", "MemAvailable: much\n");
        assert_eq!(available_under(root.path(), 0), None);
        // Limits of the process itself; a heap for each thread is set aside.
        let limits = "Max data size             unlimited            unlimited            bytes     \n\
                      Max address space         300000000            unlimited            bytes     \n";
        write("proc/self/limits", limits);
        let status = "VmSize:\t100000 kB\nVmRSS:\t20000 kB\nVmData:\t50000 kB\n";
        write("proc/self/status", status);
        assert_eq!(available_under(root.path(), 1), Some(218_080_000));
        assert_eq!(available_under(root.path(), 2), Some(218_080_000 - HEAP));
        assert_eq!(available_under(root.path(), 9), Some(0));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_machine_has_some_memory() {
        assert!(available_memory(1).is_some_and(|bytes| bytes > 1_000_000));
    }
}
