//! Words quoted for a shell: in commands shown to users, and in scripts.

/// A word as a shell takes it.
pub fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// A command as a shell takes it.
pub fn line(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| quote(word)).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_back_what_was_quoted() {
        let words = [
            "plain-1.2/x",
            "",
            "two words",
            "o'neil's",
            "\"$(touch x)\" `y` $z",
            "结果 %A {} * ~ # \\ !",
            "-n",
        ];
        let quoted = line(&words.map(str::to_owned));
        let script = format!("for word in {quoted}; do printf '%s\\n' \"$word\"; done");
        let ran = std::process::Command::new("bash")
            .args(["-c", &script])
            .output()
            .unwrap();
        assert_eq!(
            String::from_utf8(ran.stdout).unwrap(),
            words.join("\n") + "\n"
        );
    }
}
