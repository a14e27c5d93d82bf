//! A headless Chromium that is told what to do over the DevTools protocol, through pipes.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Names under which Chromium is installed.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
/// How long anything may take before a test says that it hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A page in a browser of its own, with the network cut off.
pub struct Page {
    child: Child,
    commands: ChildStdin,
    answers: Receiver<Vec<u8>>,
    session: String,
    next: u64,
    /// What the page said: console messages, exceptions, requests that left the machine.
    pub said: Vec<String>,
    _profile: tempfile::TempDir,
}

/// The browser of this machine. Where there is none the test is skipped, unless
/// `POINTPLANE_NEEDS_BROWSER=1` (as in `.ci/run`).
pub fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|file| file.is_file());
    if found.is_none() {
        let required = std::env::var("POINTPLANE_NEEDS_BROWSER").is_ok_and(|v| v == "1");
        assert!(!required, "Chromium is required and not installed");
        eprintln!("skipped: Chromium is not installed (Debian: apt-get install chromium)");
    }
    found
}

impl Page {
    /// Opens a file.
    pub fn open(browser: &Path, file: &Path) -> Self {
        let profile = tempfile::tempdir().expect("a folder");
        // The browser reads commands from descriptor 3 and answers on 4, each message ended by a zero byte.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null", "sh"])
            .arg(browser)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-pipe",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Chromium starts");
        let commands = child.stdin.take().expect("a pipe");
        let mut pipe = BufReader::new(child.stdout.take().expect("a pipe"));
        let (send, answers) = channel();
        // Ends when the browser does, or when nobody listens any more.
        std::thread::spawn(move || {
            loop {
                let mut message = Vec::new();
                match pipe.read_until(0, &mut message) {
                    Ok(1..) if message.pop() == Some(0) && send.send(message).is_ok() => {}
                    _ => break,
                }
            }
        });
        let mut page = Self {
            child,
            commands,
            answers,
            session: String::new(),
            next: 0,
            said: Vec::new(),
            _profile: profile,
        };
        let target = page.call("Target.createTarget", json!({ "url": "about:blank" }));
        let id = target["targetId"].clone();
        let attached = page.call(
            "Target.attachToTarget",
            json!({ "targetId": id, "flatten": true }),
        );
        page.session = attached["sessionId"]
            .as_str()
            .expect("a session")
            .to_owned();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            page.call(&format!("{domain}.enable"), json!({}));
        }
        page.call(
            "Network.emulateNetworkConditions",
            json!({ "offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0 }),
        );
        page.call(
            "Page.navigate",
            json!({ "url": format!("file://{}", file.display()) }),
        );
        page.until("document.readyState === 'complete'");
        page
    }

    /// Calls a method of the protocol; its result.
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.next += 1;
        let id = self.next;
        let mut message = json!({ "id": id, "method": method, "params": parameters });
        if !self.session.is_empty()
            && !method.starts_with("Target.")
            && !method.starts_with("Browser.")
        {
            message["sessionId"] = json!(self.session);
        }
        self.commands
            .write_all(format!("{message}\0").as_bytes())
            .expect("the browser listens");
        loop {
            let text = self.answers.recv_timeout(PATIENCE);
            let text = text.expect("the browser answers");
            let answer: Value = serde_json::from_slice(&text).expect("JSON");
            if answer["id"] == json!(id) {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            self.note(&answer);
        }
    }

    fn note(&mut self, event: &Value) {
        let parameters = &event["params"];
        match event["method"].as_str() {
            Some("Runtime.consoleAPICalled" | "Runtime.exceptionThrown" | "Log.entryAdded") => {
                self.said.push(parameters.to_string());
            }
            Some("Network.requestWillBeSent") => {
                let url = parameters["request"]["url"].as_str().unwrap_or("");
                let own = ["file:", "data:", "blob:"];
                if !own.iter().any(|scheme| url.starts_with(scheme)) {
                    self.said.push(format!("request: {url}"));
                }
            }
            _ => {}
        }
    }

    /// The value of an expression, awaited if it is a promise.
    pub fn value(&mut self, expression: &str) -> Value {
        let result = self.call(
            "Runtime.evaluate",
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true }),
        );
        let fault = &result["exceptionDetails"];
        assert!(fault.is_null(), "{expression}: {fault}");
        result["result"]["value"].clone()
    }

    /// Waits until an expression holds.
    pub fn until(&mut self, expression: &str) {
        let began = Instant::now();
        while self.value(expression) != json!(true) {
            assert!(began.elapsed() < PATIENCE, "never: {expression}");
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Presses a key.
    pub fn press(&mut self, key: &str, code: u32) {
        for kind in ["keyDown", "keyUp"] {
            self.call(
                "Input.dispatchKeyEvent",
                json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code }),
            );
        }
    }

    /// The width of the window, in pixels, and whether the page is asked to be dark.
    pub fn resize(&mut self, width: u32, dark: bool) {
        self.call(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600 }),
        );
        let scheme = if dark { "dark" } else { "light" };
        self.call(
            "Emulation.setEmulatedMedia",
            json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] }),
        );
        self.value("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    }

    /// A digest of what the map shows.
    pub fn picture(&mut self) -> Value {
        self.value(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
                let sum = 0;
                for (const canvas of document.querySelectorAll('#map-panes canvas')) {
                    for (const c of canvas.toDataURL()) sum = (sum * 31 + c.charCodeAt(0)) % 4294967296;
                }
                done(sum);
            })))",
        )
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // Only this browser, by its handle.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
