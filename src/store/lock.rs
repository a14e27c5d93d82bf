//! One process per results folder: a lock file with process number, host and process start.
//!
//! The file is made with `create_new`, which network file systems honour, and holds no system
//! lock. It survives a killed process; the next one on the same host sees that the process is gone
//! (or that its number belongs to a younger process) and takes over.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::StoreError;
use super::atomic::temp_name;

/// Name of the lock file in a results folder.
pub(super) const LOCK: &str = ".pointplane-lock";

/// A lock held by this process; released when dropped.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    text: String,
}

impl Lock {
    /// Takes the lock of `dir`, over a dead process's if need be.
    pub(super) fn take(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(LOCK);
        let text = Holder::this_process().text();
        // Each turn either ends or clears one dead lock; more than a few mean a race with others.
        for _ in 0..8 {
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(mut file) => {
                    let lock = Self {
                        path: path.clone(),
                        text: text.clone(),
                    };
                    let written = file
                        .write_all(text.as_bytes())
                        .and_then(|()| file.sync_all());
                    if let Err(error) = written {
                        let _ = fs::remove_file(&path);
                        return Err(StoreError::io("write", &path, error));
                    }
                    return Ok(lock);
                }
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                    Self::refuse_if_held(dir)?;
                    clear_dead(&path)?;
                }
                Err(e) => return Err(StoreError::io("write", &path, e)),
            }
        }
        Err(held(dir, &Holder::default()))
    }

    /// Says so when a process that lives, or may live, holds the lock of `dir`.
    pub(super) fn refuse_if_held(dir: &Path) -> Result<(), StoreError> {
        match read(&dir.join(LOCK))? {
            Some(text) => {
                let holder = Holder::parse(&text);
                if holder.may_live() {
                    return Err(held(dir, &holder));
                }
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Checks that nobody took the lock away.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match read(&self.path)? {
            Some(text) if text == self.text => Ok(()),
            _ => Err(StoreError::LockLost {
                lock: self.path.clone(),
            }),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.check().is_ok() {
            // A lock that stays behind is one of a dead process soon, which the next run clears.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn held(dir: &Path, holder: &Holder) -> StoreError {
    let known = |text: &str| match text {
        "" => "(unknown)".to_owned(),
        text => text.to_owned(),
    };
    StoreError::Locked {
        dir: dir.to_path_buf(),
        lock: dir.join(LOCK),
        pid: known(&holder.pid),
        host: known(&holder.host),
    }
}

fn read(path: &Path) -> Result<Option<String>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(StoreError::io("read", path, e)),
    }
}

/// Moves a dead lock aside, then looks at what was moved: if another process was faster and it is
/// that one's living lock, it is put back.
fn clear_dead(path: &Path) -> Result<(), StoreError> {
    let aside = path.with_file_name(temp_name());
    match fs::rename(path, &aside) {
        Ok(()) => {}
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(StoreError::io("clear", path, e)),
    }
    let lives = read(&aside)?.is_some_and(|text| Holder::parse(&text).may_live());
    if lives {
        return fs::rename(&aside, path).map_err(|e| StoreError::io("restore", path, e));
    }
    fs::remove_file(&aside).map_err(|e| StoreError::io("clear", &aside, e))
}

/// Who holds a lock. Fields that are not known are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Holder {
    pid: String,
    host: String,
    /// When the process started, as the system counts it: tells a process from a later one with
    /// the same number.
    started: String,
}

impl Holder {
    fn this_process() -> Self {
        let pid = std::process::id();
        Self {
            pid: pid.to_string(),
            host: host_name(),
            started: start_of(pid).unwrap_or_default(),
        }
    }

    fn text(&self) -> String {
        let Self { pid, host, started } = self;
        format!("pid {pid}\nhost {host}\nstarted {started}\n")
    }

    fn parse(text: &str) -> Self {
        let field = |name: &str| {
            let mut lines = text.lines();
            let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            value.unwrap_or_default().to_owned()
        };
        Self {
            pid: field("pid"),
            host: field("host"),
            started: field("started"),
        }
    }

    /// Whether the process may still run; only a process of this host can be known to be dead.
    fn may_live(&self) -> bool {
        let own = Self::this_process();
        let Ok(pid) = self.pid.parse::<u32>() else {
            return true;
        };
        if own.host.is_empty() || self.host != own.host {
            return true;
        }
        if cfg!(target_os = "linux") && !own.started.is_empty() {
            return start_of(pid)
                .is_some_and(|started| self.started.is_empty() || self.started == started);
        }
        if cfg!(unix) {
            let ps = Command::new("ps").args(["-p", &self.pid]).output();
            return ps.map_or(true, |output| output.status.success());
        }
        true
    }
}

/// Start of a process in clock ticks since boot; `None` when it does not run (or is a zombie) or
/// the system does not tell.
fn start_of(pid: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the program's name in brackets and may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    match fields.next()? {
        "Z" | "X" => None,
        _ => fields.nth(18).map(str::to_owned),
    }
}

pub(super) fn host_name() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = name.or_else(|| {
        let output = Command::new("hostname").output().ok()?;
        String::from_utf8(output.stdout).ok()
    });
    name.unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(dir: &Path, holder: &Holder) {
        fs::write(dir.join(LOCK), holder.text()).unwrap();
    }

    #[test]
    fn a_lock_is_taken_once_and_released() {
        let dir = tempfile::tempdir().unwrap();
        let lock = Lock::take(dir.path()).unwrap();
        let text = Lock::take(dir.path()).unwrap_err().to_string();
        assert!(text.contains(&std::process::id().to_string()), "{text}");
        assert!(lock.check().is_ok());
        drop(lock);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        Lock::take(dir.path()).unwrap();
    }

    #[test]
    fn a_dead_process_loses_its_lock() {
        let dir = tempfile::tempdir().unwrap();
        let mut child = Command::new("true").spawn().unwrap();
        let dead = Holder {
            pid: child.id().to_string(),
            ..Holder::this_process()
        };
        child.wait().unwrap();
        write(dir.path(), &dead);
        let lock = Lock::take(dir.path()).unwrap();
        assert!(lock.check().is_ok());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_reused_process_number_is_another_process() {
        let dir = tempfile::tempdir().unwrap();
        let earlier = Holder {
            started: "1".into(),
            ..Holder::this_process()
        };
        write(dir.path(), &earlier);
        assert!(Lock::take(dir.path()).is_ok());
    }

    #[test]
    fn locks_that_nobody_can_judge_are_respected() {
        let dir = tempfile::tempdir().unwrap();
        let far = Holder {
            host: "far-away".into(),
            ..Holder::this_process()
        };
        for holder in [far, Holder::default()] {
            write(dir.path(), &holder);
            let error = Lock::take(dir.path()).unwrap_err();
            assert!(matches!(error, StoreError::Locked { .. }), "{error}");
            assert!(dir.path().join(LOCK).exists());
        }
    }

    #[test]
    fn a_lock_that_was_replaced_is_lost_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let lock = Lock::take(dir.path()).unwrap();
        write(dir.path(), &Holder::default());
        assert!(matches!(lock.check(), Err(StoreError::LockLost { .. })));
        drop(lock);
        assert!(dir.path().join(LOCK).exists());
    }
}
