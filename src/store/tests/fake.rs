//! A file system that is as bad as real ones may be, and chooses by a seed how.
//!
//! Two worlds. *Local*: one machine; everybody sees everything at once; a process may be killed, which loses
//! nothing that was written; the power may fail, which loses of every file what was not synced (or a part of
//! it, or leaves a hole of zeros in it), and of every folder the last changes that were not synced. *Network*: a
//! server, and each process on a machine of its own, which lists a folder as it was some time ago, may not find a new
//! name, shows its own writes to others only when they are flushed, and gives others what was there when they
//! opened the file; when it crashes, what was not flushed is lost.
//!
//! Every operation is a point at which another process may go on, or the crash may happen. Processes are
//! threads of which one runs at a time; which one, the seed says.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::super::files::{Files, Input, Look, Output, Process};

/// Random numbers of a seed (SplitMix64, Steele et al. 2014).
#[derive(Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// One time in `n`.
    pub(super) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// What goes wrong, and at which operation.
#[derive(Clone, Copy, Debug)]
pub(super) enum Crash {
    /// Somebody's process is killed.
    Kill,
    /// Local: the power fails. Network: somebody's machine crashes.
    Power,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Node {
    Folder,
    File(usize),
}

#[derive(Debug, Default)]
struct Inode {
    bytes: Vec<u8>,
    /// How much others see.
    visible: usize,
    /// How much survives a power failure.
    durable: usize,
    owner: usize,
}

#[derive(Debug)]
struct Client {
    alive: bool,
    finished: bool,
    /// It has had its turn before.
    started: bool,
    /// It stands still until so many operations have been done.
    asleep: u64,
    /// Names in folders, as this one sees them.
    view: BTreeMap<PathBuf, BTreeSet<String>>,
}

#[derive(Debug)]
struct State {
    random: Random,
    network: bool,
    inodes: Vec<Inode>,
    names: BTreeMap<PathBuf, Node>,
    /// Names that survive a power failure, and the changes since.
    durable: BTreeMap<PathBuf, Node>,
    pending: Vec<(PathBuf, Option<Node>)>,
    clients: Vec<Client>,
    turn: usize,
    operations: u64,
    crash: Option<(u64, Crash)>,
    /// Milliseconds since 1970.
    clock: i64,
    /// Bytes that fit on the disk.
    room: usize,
    /// Contents of logs when they were synced.
    synced: BTreeMap<usize, Vec<u8>>,
    /// Everybody sees everything by now.
    calm: bool,
    /// Whether each operation is told.
    told: bool,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    turns: Vec<Condvar>,
}

/// The world: what is on the disks, and who is there.
#[derive(Clone, Debug)]
pub(super) struct World(Arc<Shared>);

/// The files as one process sees them.
#[derive(Clone, Debug)]
pub(super) struct View {
    shared: Arc<Shared>,
    me: usize,
}

impl World {
    /// A world with an empty folder `/` and so many processes.
    pub(super) fn new(seed: u64, processes: usize, network: bool) -> Self {
        let client = || Client {
            alive: true,
            finished: false,
            started: false,
            asleep: 0,
            view: BTreeMap::new(),
        };
        let root = BTreeMap::from([(PathBuf::from("/"), Node::Folder)]);
        Self(Arc::new(Shared {
            state: Mutex::new(State {
                random: Random::new(seed),
                network,
                inodes: Vec::new(),
                names: root.clone(),
                durable: root,
                pending: Vec::new(),
                clients: (0..processes).map(|_| client()).collect(),
                turn: 0,
                operations: 0,
                crash: None,
                clock: 1_700_000_000_000,
                room: usize::MAX,
                synced: BTreeMap::new(),
                calm: false,
                told: false,
            }),
            turns: (0..processes).map(|_| Condvar::new()).collect(),
        }))
    }

    /// The files as a process sees them.
    pub(super) fn view(&self, me: usize) -> Arc<View> {
        Arc::new(View {
            shared: Arc::clone(&self.0),
            me,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on, after so many operations more, this happens.
    pub(super) fn crash_after(&self, operations: u64, crash: Crash) {
        let mut state = self.state();
        state.crash = Some((state.operations + operations, crash));
    }

    /// From now on every operation is told.
    pub(super) fn tell(&self) {
        self.state().told = true;
    }

    /// From now on so many bytes fit on the disk.
    pub(super) fn room(&self, bytes: usize) {
        self.state().room = bytes;
    }

    pub(super) fn operations(&self) -> u64 {
        self.state().operations
    }

    pub(super) fn is_alive(&self, who: usize) -> bool {
        self.state().clients[who].alive
    }

    /// Now these processes are there, and no others.
    pub(super) fn begin(&self, who: std::ops::Range<usize>) {
        let mut state = self.state();
        for (at, client) in state.clients.iter_mut().enumerate() {
            client.finished = !who.contains(&at);
            // Those that were there before have ended by now, whether well or not.
            client.alive &= at >= who.start;
        }
        state.crash = None;
        state.turn = who.start;
        state.clock += 20_000;
    }

    /// Everybody but one has gone; some time passes, after which that one sees what is there.
    pub(super) fn leave_to(&self, who: usize) {
        let mut state = self.state();
        for (at, client) in state.clients.iter_mut().enumerate() {
            client.finished = at != who;
            client.alive = at == who;
        }
        state.turn = who;
        state.calm = true;
        state.crash = None;
        state.clock += 100_000;
    }

    /// Contents of logs as they were when they were last synced.
    pub(super) fn synced(&self) -> Vec<Vec<u8>> {
        self.state().synced.values().cloned().collect()
    }

    /// What is in all files.
    pub(super) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let state = self.state();
        let content = |(path, node): (&PathBuf, &Node)| match node {
            Node::File(inode) => Some((path.clone(), state.inodes[*inode].bytes.clone())),
            Node::Folder => None,
        };
        state.names.iter().filter_map(content).collect()
    }
}

impl View {
    /// This process has nothing more to do.
    pub(super) fn finish(&self) {
        // In its turn, as everything else.
        let _ = self.operation("end", Path::new(""), |_, _| Ok(()));
        let mut state = self.lock();
        state.clients[self.me].finished = true;
        let next = state.someone();
        state.turn = next;
        drop(state);
        if let Some(turn) = self.shared.turns.get(next) {
            turn.notify_one();
        }
    }

    /// A number below `end`, of the world's random numbers.
    pub(super) fn draw(&self, end: usize) -> usize {
        let drawn = self.operation("draw", Path::new(""), |state, _| {
            Ok(state.random.below(end))
        });
        drawn.unwrap_or(0)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// An operation: others may come first, and it may be the last one.
    fn operation<T>(
        &self,
        what: &str,
        path: &Path,
        body: impl FnOnce(&mut State, usize) -> io::Result<T>,
    ) -> io::Result<T> {
        let me = self.me;
        let mut state = self.lock();
        // Whoever is new waits for its turn, whether or not it comes before it has it.
        if state.turn == me && state.clients[me].started {
            // Mostly one goes on for a while; now and then one stands still while others do much.
            if state.random.one_in(30) {
                let long = state.random.below(150) as u64;
                state.clients[me].asleep = state.operations + long;
            }
            let asleep = state.clients[me].asleep > state.operations;
            if asleep || state.random.one_in(4) {
                let next = state.someone();
                state.turn = next;
                self.shared.turns[next].notify_one();
            }
        }
        while state.turn != me {
            let woken = self.shared.turns[me].wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
        }
        state.clients[me].started = true;
        state.operations += 1;
        state.clock += state.random.below(2_500) as i64;
        if let Some((at, crash)) = state.crash
            && state.operations >= at
        {
            state.crash = None;
            if state.told {
                eprintln!("{crash:?}");
            }
            state.fail(crash);
        }
        if !state.clients[me].alive {
            return Err(io::Error::other("the process was killed"));
        }
        state.flush_some(me);
        let done = body(&mut state, me);
        if state.told {
            let how = done
                .as_ref()
                .map_or_else(ToString::to_string, |_| String::new());
            eprintln!("{me} {what} {} {how}", path.display());
        }
        done
    }
}

impl State {
    /// Somebody who still has something to do.
    fn someone(&mut self) -> usize {
        let operations = self.operations;
        let busy = |wakes: bool| {
            move |(at, client): (usize, &Client)| {
                let here = !client.finished && (wakes || client.asleep <= operations);
                here.then_some(at)
            }
        };
        let clients = self.clients.iter().enumerate();
        let mut list: Vec<usize> = clients.clone().filter_map(busy(false)).collect();
        if list.is_empty() {
            list = clients.filter_map(busy(true)).collect();
        }
        match list.len() {
            0 => self.turn,
            n => list[self.random.below(n)],
        }
    }

    fn fail(&mut self, crash: Crash) {
        let who = self.someone();
        match (crash, self.network) {
            (Crash::Kill, _) => {
                self.clients[who].alive = false;
                // Its machine lives on, and writes what it had.
                self.flush(who);
            }
            (Crash::Power, true) => {
                self.clients[who].alive = false;
                for inode in self.inodes.iter_mut().filter(|inode| inode.owner == who) {
                    inode.bytes.truncate(inode.visible);
                }
            }
            (Crash::Power, false) => {
                self.clients
                    .iter_mut()
                    .for_each(|client| client.alive = false);
                for inode in &mut self.inodes {
                    let lost = inode.bytes.len() - inode.durable;
                    let kept = inode.durable + self.random.below(lost + 1);
                    if self.random.one_in(2) {
                        // What came later may have reached the disk before.
                        let hole = self.random.below(inode.bytes.len() - kept + 1);
                        inode.bytes[kept..kept + hole].fill(0);
                    } else {
                        inode.bytes.truncate(kept);
                    }
                }
                // Of each folder, the changes up to some moment.
                let mut names = self.durable.clone();
                let mut ends: BTreeMap<PathBuf, bool> = BTreeMap::new();
                for (path, node) in std::mem::take(&mut self.pending) {
                    let folder = path.parent().unwrap_or(Path::new("/")).to_path_buf();
                    let ended = ends.entry(folder).or_default();
                    *ended = *ended || self.random.one_in(4);
                    if !*ended {
                        put(&mut names, path, node);
                    }
                }
                // Without its folder nothing is found.
                let folders = names.clone();
                names.retain(|path, _| {
                    let mut above = path.ancestors().skip(1);
                    above.all(|folder| folders.contains_key(folder))
                });
                self.names = names.clone();
                self.durable = names;
            }
        }
    }

    /// In the network, writes reach the server when it suits the client.
    fn flush_some(&mut self, me: usize) {
        if !self.network || !self.random.one_in(4) {
            return;
        }
        for inode in self.inodes.iter_mut().filter(|inode| inode.owner == me) {
            let more = inode.bytes.len() - inode.visible;
            inode.visible += self.random.below(more + 1);
            inode.durable = inode.visible;
        }
    }

    fn flush(&mut self, who: usize) {
        for inode in self.inodes.iter_mut().filter(|inode| inode.owner == who) {
            inode.visible = inode.bytes.len();
        }
    }

    /// The names in a folder as a process sees them.
    fn seen(&mut self, me: usize, folder: &Path) -> &mut BTreeSet<String> {
        let known = self.clients[me].view.contains_key(folder);
        let fresh = !self.network || self.calm || !known || self.random.one_in(3);
        if fresh {
            let all: BTreeSet<String> = self
                .names
                .keys()
                .filter(|path| path.parent() == Some(folder))
                .map(|path| name_of(path))
                .collect();
            // What a process sees for the first time may be old already.
            let all = match (self.network && !self.calm, known) {
                (true, false) if self.random.one_in(3) => BTreeSet::new(),
                _ => all,
            };
            self.clients[me].view.insert(folder.to_path_buf(), all);
        }
        self.clients[me]
            .view
            .entry(folder.to_path_buf())
            .or_default()
    }

    /// What stands at a path, as a process sees it.
    fn find(&mut self, me: usize, path: &Path) -> Option<Node> {
        let folder = path.parent().unwrap_or(Path::new("/")).to_path_buf();
        let name = name_of(path);
        let known = self.seen(me, &folder).contains(&name);
        let truth = self.names.get(path).copied();
        // A name that is known is asked for; one that is not may be taken to be missing.
        if !known && self.network && !self.calm && self.random.one_in(2) {
            return None;
        }
        let seen = self.seen(me, &folder);
        match truth {
            Some(_) => seen.insert(name),
            None => seen.remove(&name),
        };
        truth
    }

    /// Changes a name, for everybody and in one's own view.
    fn change(&mut self, me: usize, path: &Path, node: Option<Node>) {
        let folder = path.parent().unwrap_or(Path::new("/")).to_path_buf();
        put(&mut self.names, path.to_path_buf(), node);
        if self.network {
            put(&mut self.durable, path.to_path_buf(), node);
        } else {
            self.pending.push((path.to_path_buf(), node));
        }
        let seen = self.seen(me, &folder);
        match node {
            Some(_) => seen.insert(name_of(path)),
            None => seen.remove(&name_of(path)),
        };
    }
}

fn put(names: &mut BTreeMap<PathBuf, Node>, path: PathBuf, node: Option<Node>) {
    match node {
        Some(node) => names.insert(path, node),
        None => names.remove(&path),
    };
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn missing() -> io::Error {
    io::ErrorKind::NotFound.into()
}

impl Files for View {
    fn names(&self, folder: &Path) -> io::Result<BTreeSet<String>> {
        self.operation("names", folder, |state, me| {
            Ok(state.seen(me, folder).clone())
        })
    }

    fn look(&self, path: &Path) -> io::Result<Option<Look>> {
        self.operation("look", path, |state, me| {
            let changed = state.clock / 1000;
            Ok(state.find(me, path).map(|node| Look {
                folder: node == Node::Folder,
                changed,
            }))
        })
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Input>> {
        self.operation("open", path, |state, me| match state.find(me, path) {
            Some(Node::File(inode)) => {
                let network = state.network;
                let inode = &state.inodes[inode];
                let seen = match inode.owner == me || !network {
                    true => inode.bytes.len(),
                    false => inode.visible,
                };
                Ok(Box::new(Cursor::new(inode.bytes[..seen].to_vec())) as Box<dyn Input>)
            }
            _ => Err(missing()),
        })
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn Output>> {
        self.operation("create", path, |state, me| {
            if state.names.contains_key(path) {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            let folder = path.parent().unwrap_or(Path::new("/"));
            if !state.names.contains_key(folder) {
                return Err(missing());
            }
            state.inodes.push(Inode {
                owner: me,
                ..Inode::default()
            });
            let inode = state.inodes.len() - 1;
            state.change(me, path, Some(Node::File(inode)));
            Ok(Box::new(Written {
                view: self.clone(),
                inode,
                path: path.to_path_buf(),
                log: path.extension().is_some_and(|end| end == "log"),
            }) as Box<dyn Output>)
        })
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.operation("rename", to, |state, me| {
            let node = state.names.get(from).copied().ok_or_else(missing)?;
            state.change(me, to, Some(node));
            state.change(me, from, None);
            Ok(())
        })
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.operation("link", to, |state, me| {
            let node = state.names.get(from).copied().ok_or_else(missing)?;
            if state.names.contains_key(to) {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            state.change(me, to, Some(node));
            Ok(())
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.operation("remove", path, |state, me| {
            state.names.get(path).copied().ok_or_else(missing)?;
            state.change(me, path, None);
            Ok(())
        })
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.operation("make folder", path, |state, me| {
            if state.names.get(path) != Some(&Node::Folder) {
                state.change(me, path, Some(Node::Folder));
            }
            Ok(())
        })
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.operation("remove folder", path, |state, me| {
            if state.names.keys().any(|name| name.parent() == Some(path)) {
                return Err(io::ErrorKind::DirectoryNotEmpty.into());
            }
            state.change(me, path, None);
            Ok(())
        })
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.operation("sync folder", path, |state, _| {
            let pending = std::mem::take(&mut state.pending);
            for (name, node) in pending {
                // A folder's own name is made durable with what is in it.
                if name.parent() == Some(path) || name == path {
                    put(&mut state.durable, name, node);
                } else {
                    state.pending.push((name, node));
                }
            }
            Ok(())
        })
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.lock().clock).unwrap_or_default()
    }

    fn process(&self) -> Process {
        let host = match self.lock().network {
            true => format!("host-{}", self.me),
            false => "host".to_owned(),
        };
        Process {
            host,
            pid: self.me as u32,
            ..Process::default()
        }
    }

    fn runs(&self, process: &Process) -> Option<bool> {
        let own = self.process();
        let state = self.lock();
        let client = state.clients.get(process.pid as usize)?;
        (process.host == own.host).then_some(client.alive)
    }
}

/// A file being written.
struct Written {
    view: View,
    inode: usize,
    path: PathBuf,
    log: bool,
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let inode = self.inode;
        self.view.operation("write", &self.path, |state, _| {
            let fits = bytes.len().min(state.room);
            if fits == 0 && !bytes.is_empty() {
                return Err(io::ErrorKind::StorageFull.into());
            }
            if state.room != usize::MAX {
                state.room -= fits;
            }
            let network = state.network;
            let inode = &mut state.inodes[inode];
            inode.bytes.extend_from_slice(&bytes[..fits]);
            if !network {
                inode.visible = inode.bytes.len();
            }
            Ok(fits)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for Written {
    fn sync(&mut self) -> io::Result<()> {
        let (inode, log) = (self.inode, self.log);
        self.view.operation("sync", &self.path, |state, _| {
            let content = &mut state.inodes[inode];
            content.visible = content.bytes.len();
            content.durable = content.bytes.len();
            if log {
                let bytes = content.bytes.clone();
                state.synced.insert(inode, bytes);
            }
            Ok(())
        })
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        let inode = self.inode;
        self.view.operation("cut", &self.path, |state, _| {
            let content = &mut state.inodes[inode];
            let length = content.bytes.len().min(length as usize);
            if state.room != usize::MAX {
                state.room += content.bytes.len() - length;
            }
            content.bytes.truncate(length);
            content.visible = content.visible.min(length);
            content.durable = content.durable.min(length);
            Ok(())
        })
    }
}

impl Drop for Written {
    /// What a client writes is seen by others when it closes the file.
    fn drop(&mut self) {
        let mut state = self.view.lock();
        if state.clients[self.view.me].alive {
            let content = &mut state.inodes[self.inode];
            content.visible = content.bytes.len();
        }
    }
}
