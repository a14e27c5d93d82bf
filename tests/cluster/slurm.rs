//! A Slurm on this machine, for one test: munged, slurmctld and two nodes, on the loopback only, all files in
//! one scratch folder. It stops when it is dropped, also when the test panics.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::fixture::{found, until};
use super::processes;

/// Names of the nodes.
pub const NODES: [&str; 2] = ["n1", "n2"];
/// CPUs that each node claims.
const CPUS: u32 = 2;

/// The cluster.
pub struct Slurm {
    dir: PathBuf,
    daemons: Vec<(String, Child)>,
}

impl Slurm {
    /// Starts one in an empty folder with a short path; every node is idle then. None when the machine has
    /// no Slurm, and that is allowed.
    pub fn start(dir: &Path) -> Option<Self> {
        let tools = [
            "munged",
            "munge",
            "slurmctld",
            "slurmd",
            "sbatch",
            "srun",
            "scontrol",
            "sinfo",
        ];
        if !found(&tools) {
            return None;
        }
        let dir = dir.canonicalize().unwrap();
        for folder in ["munge", "state", "n1", "n2"] {
            fs::create_dir(dir.join(folder)).unwrap();
        }
        // munged wants its key to itself, and a folder for its socket that all may enter.
        shell(
            &dir,
            "chmod 755 . munge && umask 077 && head -c 1024 /dev/urandom >munge.key",
        );
        fs::write(dir.join("slurm.conf"), configuration(&dir)).unwrap();
        let mut slurm = Self {
            dir,
            daemons: Vec::new(),
        };
        slurm.munged();
        slurm.slurmctld();
        for node in NODES {
            slurm.slurmd(node);
        }
        slurm.until("idle nodes", 120, |slurm| {
            let idle = slurm.run("sinfo", &["-h", "-N", "-t", "idle", "-o", "%N"]);
            idle.is_ok_and(|names| names.lines().count() == NODES.len())
        });
        Some(slurm)
    }

    fn munged(&mut self) {
        let mut munged = mortal("munged");
        munged.args(["--foreground", "--force", "--num-threads=2"]);
        for (option, file) in [
            ("key-file", "munge.key"),
            ("socket", "munge/socket"),
            ("pid-file", "munge/pid"),
            ("seed-file", "munge/seed"),
            ("log-file", "munged.log"),
        ] {
            munged.arg(format!("--{option}={}", self.dir.join(file).display()));
        }
        self.daemon("munged", munged);
        let socket = format!("--socket={}", self.dir.join("munge/socket").display());
        self.until("munge", 60, |slurm| {
            slurm.run("munge", &["-n", &socket]).is_ok()
        });
    }

    fn slurmctld(&mut self) {
        let mut slurmctld = mortal("slurmctld");
        slurmctld.arg("-D");
        self.daemon("slurmctld", slurmctld);
    }

    /// Starts the daemon of a node.
    pub fn slurmd(&mut self, node: &str) {
        let mut slurmd = mortal("slurmd");
        slurmd.args(["-D", "-N", node]);
        self.daemon(node, slurmd);
    }

    fn daemon(&mut self, name: &str, mut command: Command) {
        let log = File::create(self.dir.join(format!("{name}.out"))).unwrap();
        command
            .env("SLURM_CONF", self.dir.join("slurm.conf"))
            .env("PATH", path())
            .current_dir(&self.dir)
            .stdin(Stdio::null())
            .stderr(log.try_clone().unwrap())
            .stdout(log);
        self.daemons
            .push((name.to_owned(), command.spawn().unwrap()));
    }

    /// A command that talks to this cluster.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        // The variables of a cluster around this test would mislead it.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SLURM")) {
            command.env_remove(name);
        }
        command
            .env("SLURM_CONF", self.dir.join("slurm.conf"))
            .env("PATH", path())
            .stdin(Stdio::null());
        command
    }

    /// What a command prints.
    pub fn run(&self, program: &str, words: &[&str]) -> Result<String, String> {
        let output = self.command(program).args(words).output().unwrap();
        if output.status.success() {
            Ok(String::from_utf8(output.stdout).unwrap())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    /// A value that `scontrol show job` tells of a job or an element.
    pub fn job(&self, id: &str, key: &str) -> Option<String> {
        let told = self.run("scontrol", &["-o", "show", "job", id]).ok()?;
        let mut values = told
            .split_whitespace()
            .filter_map(|word| word.split_once('='));
        values
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value.to_owned())
    }

    /// Whether no job is pending, running or ending.
    pub fn quiet(&self) -> bool {
        let jobs = self.run("squeue", &["-h", "-t", "PD,R,CG,CF,S,RQ", "-o", "%i"]);
        jobs.is_ok_and(|jobs| jobs.trim().is_empty())
    }

    /// Kills a node at once: its daemon, its job steps and what they run. With `orphans` what they run lives on,
    /// and nobody watches it any more.
    pub fn crash(&mut self, node: &str, orphans: bool) {
        let log = self.dir.join(format!("{node}.log"));
        let of_node = |pid: &u32| {
            let daemon = self
                .daemons
                .iter()
                .any(|(name, child)| name == node && child.id() == *pid);
            let step = || {
                let links = fs::read_dir(format!("/proc/{pid}/fd")).ok();
                links.is_some_and(|links| {
                    links
                        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
                        .any(|target| target == log)
                })
            };
            let task = || processes::variable(*pid, "SLURMD_NODENAME").as_deref() == Some(node);
            daemon || step() || (!orphans && task())
        };
        let pids: Vec<u32> = processes::of(&self.dir)
            .into_iter()
            .filter(of_node)
            .collect();
        assert!(pids.len() > 1, "nothing ran on {node}");
        // A step that saw its task die would still report that: stop all of them first.
        processes::signal("STOP", &pids);
        processes::signal("KILL", &pids);
        // What is stopped before they are gone would be hung up as their orphan.
        let deadline = Instant::now() + Duration::from_secs(60);
        while pids.iter().any(|pid| processes::alive(*pid)) {
            assert!(Instant::now() < deadline, "{pids:?} do not die");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until something holds; says what the daemons told when it does not.
    #[track_caller]
    pub fn until(&self, what: &str, seconds: u64, mut holds: impl FnMut(&Self) -> bool) {
        if !until(Duration::from_secs(seconds), || holds(self)) {
            let queue = self.run("squeue", &["-a"]).unwrap_or_else(|error| error);
            let logs = fs::read_dir(&self.dir).unwrap().filter_map(|entry| {
                let path = entry.ok()?.path();
                let text = fs::read_to_string(&path).ok()?;
                let told = matches!(path.extension()?.to_str()?, "log" | "out") && !text.is_empty();
                let tail: Vec<&str> = text.lines().rev().take(8).collect();
                told.then(|| format!("{}: {tail:#?}", path.display()))
            });
            let logs: Vec<String> = logs.collect();
            panic!("no {what} within {seconds} s\n{queue}\n{}", logs.join("\n"));
        }
    }

    /// Stops everything, and says how many processes had to be killed after their daemons had ended.
    fn stop(&mut self) -> usize {
        // No step may outlive its slurmd.
        let user = ["--quiet", "--user", &user()].map(str::to_owned);
        let _ = self.command("scancel").args(user).output();
        let end = Instant::now() + Duration::from_secs(10);
        while !self.quiet() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(100));
        }
        // In the order that loses nothing: nodes, controller, munged.
        for (_, child) in self.daemons.iter_mut().rev() {
            processes::signal("TERM", &[child.id()]);
            if !until(Duration::from_secs(15), || !processes::alive(child.id())) {
                let _ = child.kill();
            }
            let _ = child.wait();
        }
        let left = processes::of(&self.dir);
        processes::signal("KILL", &left);
        until(Duration::from_secs(10), || {
            processes::of(&self.dir).is_empty()
        });
        left.len()
    }
}

impl Drop for Slurm {
    fn drop(&mut self) {
        let killed = self.stop();
        let left = processes::of(&self.dir);
        let told = format!(
            "{killed} processes of the cluster outlived its daemons, {} still live",
            left.len()
        );
        // A test that panics has said what is wrong.
        if std::thread::panicking() {
            eprintln!("{told}");
        } else {
            assert!(left.is_empty(), "{told}");
        }
    }
}

/// Where Debian keeps the daemons too.
pub fn path() -> String {
    format!(
        "{}:/usr/sbin:/sbin",
        std::env::var("PATH").unwrap_or_default()
    )
}

/// A program that ends when the test does, even when that is killed.
fn mortal(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", program]);
    command
}

fn user() -> String {
    let ran = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(ran.stdout).unwrap().trim().to_owned()
}

fn shell(dir: &Path, script: &str) {
    let status = Command::new("sh")
        .args(["-c", script])
        .current_dir(dir)
        .status();
    assert!(status.unwrap().success(), "{script}");
}

/// A port that nobody listens on, below those that the system gives to clients; never the same one twice.
fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = (20_000 + (std::process::id() * 32 + next) % 10_000) as u16;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// The configuration: neither systemd nor cgroups, short times so that failures are seen soon.
fn configuration(dir: &Path) -> String {
    let host = Command::new("hostname").arg("-s").output().unwrap();
    let host = String::from_utf8(host.stdout).unwrap().trim().to_owned();
    let ports = [(); NODES.len() + 1].map(|()| free_port());
    let nodes: String = NODES
        .iter()
        .enumerate()
        .map(|(at, node)| {
            let port = ports[at + 1];
            format!(
                "NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs={CPUS} RealMemory=2048\n"
            )
        })
        .collect();
    format!(
        "ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={dir}/munge/socket,cred_expire=5
CredType=cred/munge
StateSaveLocation={dir}/state
SlurmdSpoolDir={dir}/%n
SlurmctldPidFile={dir}/slurmctld.pid
SlurmdPidFile={dir}/%n.pid
SlurmctldLogFile={dir}/slurmctld.log
SlurmdLogFile={dir}/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=1,batch_sched_delay=0,sched_min_interval=100000
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobRequeue=1
ReturnToService=2
SlurmctldTimeout=10
SlurmdTimeout=5
InactiveLimit=0
KillWait=5
MinJobAge=3600
MessageTimeout=5
SlurmdParameters=config_overrides
{nodes}PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
",
        port = ports[0],
        user = user(),
        dir = dir.display(),
    )
}
