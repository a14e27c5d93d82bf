//! Whether what is said in a Chinese session is Chinese.

/// Words in a row that make a sentence.
const SENTENCE: usize = 4;

/// Whether there is a Chinese character.
pub fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{3400}'..'\u{a000}').contains(&c))
}

/// The first four English words or more that stand in a row. Excepted are names, keys, values and what other
/// programs say, which stand in backquotes or quotation marks; lists of names, which have commas between them;
/// commands, from `pointplane` or `apt-get` to the next Chinese character or mark; and, as they are no words, paths,
/// options, settings and numbers.
pub fn english(text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let mut run: Vec<&str> = Vec::new();
        let plain = without_commands(&without_quotes(line));
        let plain = plain.replace(|c: char| !c.is_ascii() && c != '’', " … ");
        for word in plain.split(' ').chain(["."]) {
            let bare = word.trim_matches(|c: char| "()[].:;!?".contains(c));
            let is_word = !bare.is_empty()
                && bare
                    .chars()
                    .all(|c| c.is_ascii_alphabetic() || c == '\'' || c == '’');
            if is_word {
                run.push(word);
                continue;
            }
            // The last word of a list, or one with a comma after it, belongs to what stands before.
            let ends = word.trim_end_matches(',');
            if ends != word && !run.is_empty() && ends.chars().all(|c| c.is_ascii_alphabetic()) {
                run.push(ends);
            }
            if run.len() >= SENTENCE {
                return Some(run.join(" "));
            }
            run.clear();
        }
        None
    })
}

/// The line with what stands in quotation marks or backquotes taken out.
fn without_quotes(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some(open) = rest.chars().next() {
        let after = &rest[open.len_utf8()..];
        let close = match open {
            '`' | '"' => Some(open),
            '“' => Some('”'),
            // Not an apostrophe.
            '\'' if !plain.ends_with(|c: char| c.is_ascii_alphanumeric()) => Some(open),
            _ => None,
        };
        match close.and_then(|close| after.split_once(close)) {
            Some((_, then)) => {
                plain.push('…');
                rest = then;
            }
            None => {
                plain.push(open);
                rest = after;
            }
        }
    }
    plain
}

fn without_commands(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some(at) = ["pointplane ", "apt-get "]
        .iter()
        .filter_map(|command| rest.find(command))
        .min()
    {
        plain.push_str(&rest[..at]);
        plain.push('…');
        let end = rest[at..].find(|c: char| !c.is_ascii());
        rest = end.map_or("", |end| &rest[at + end..]);
    }
    plain + rest
}
