//! The part that all scripts of batch systems share: one worker, to which signals are passed on.

use super::Work;

/// What the shell does when the engine sends it a signal.
pub(super) struct Signal {
    /// What the engine sends.
    pub from: &'static str,
    /// What the worker is told. It stops on USR1 and TERM: it keeps what is done and exits with 3.
    pub to: &'static str,
    /// What it means, for the reader of the script.
    pub means: &'static str,
}

/// The worker, started beside the shell and waited for; `$shard`, `$shards` and the variables of the work are
/// set before. Afterwards `$code` is how the worker ended, `$told` the last signal that was passed on.
/// `threads` is a shell word, `more` lines that are put behind the command's options.
pub(super) fn run(work: &Work, signals: &[Signal], threads: &str, more: &str) -> String {
    let wide = signals.iter().map(|s| 5 + s.to.len() + s.from.len()).max();
    let wide = wide.unwrap_or(0) + 10;
    let traps: String = signals
        .iter()
        .map(|Signal { from, to, means }| {
            let trap = format!("trap 'tell {to}' {from}");
            format!("{trap:wide$}   # {means}\n")
        })
        .collect();
    // A signal that the worker does not know must not reach it: some engines send theirs to every process.
    let foreign: Vec<&str> = signals
        .iter()
        .filter(|s| s.from != s.to)
        .map(|s| s.from)
        .collect();
    let (open, close) = match foreign.join(" ") {
        none if none.is_empty() => (String::new(), ""),
        some => (format!("(trap '' {some}; exec "), ")"),
    };
    format!(
        r#"worker=""
told=""
signals=0
# shellcheck disable=SC2317   # it is called when a signal comes
tell() {{   # passes a signal on to the worker
  told=$1
  signals=$((signals + 1))
  if [ -n "$worker" ]; then kill -s "$1" "$worker" 2>/dev/null; fi
}}
{traps}
{open}{worker}{close} &
worker=$!
if [ -n "$told" ]; then kill -s "$told" "$worker" 2>/dev/null; fi
while   # a signal ends "wait" before the worker has ended: wait again
  before=$signals
  wait "$worker"
  code=$?
  [ "$signals" != "$before" ]
do :; done
"#,
        worker = work.worker("$shard", threads, more),
    )
}

/// A check that the node sees what the script names; then it goes where the command was given.
pub(super) const VISIBLE: &str = r#"for file in "$pointplane" "$folder" "$out"; do
  if [ ! -e "$file" ]; then
    echo "$(hostname) does not see $file: it must be on a disk that all nodes share" >&2
    exit 2
  fi
done
cd "$folder" || exit 2
"#;

/// What the exit codes of the worker mean, as comments.
pub(super) const SAID: &str = r#"case $code in
  0) echo "shard $shard of $shards: all its runs are done" ;;
  3) echo "shard $shard of $shards: some runs failed or are left" ;;
  137) echo "shard $shard of $shards: the worker was killed; often it needs more memory" ;;
  *) echo "shard $shard of $shards: the worker ended with code $code" ;;
esac
"#;
