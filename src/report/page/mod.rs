//! A report as one file: HTML, style, script and data. It asks nothing of any network, and its content
//! security policy lets it ask nothing. Everything that comes from tables or scenarios is escaped.

mod map;
mod payload;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

pub use map::{View, text as map_text};

use super::answer::Answer;
use super::chart::{Drawing, Drawn, Width};
use super::figures::{Csv, Figure};
use super::findings::Findings;
use super::not_varied;
use crate::measure::OUTCOMES;
use crate::store::Counts;
use crate::texts::{Lang, say};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = concat!(include_str!("page.js"), include_str!("map.js"));

/// What a report says besides its figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Language.
    pub lang: Lang,
    /// What kind of results it is of.
    pub kind: String,
    /// Title.
    pub title: String,
    /// What was asked.
    pub question: String,
    /// What layouts change, in a table; none where nothing was compared.
    pub sure: Option<Answer>,
    /// The answer in sentences.
    pub answer: Vec<String>,
    /// A plan that varies the parameters; empty where they were varied.
    pub plan: String,
    /// What to know before quoting a number.
    pub limits: String,
    /// What differs between layouts: layout, and its differences.
    pub differences: Vec<(String, Vec<String>)>,
    /// The data of the map; empty without one.
    pub map: String,
    /// Names of the layouts that the map can show.
    pub views: Vec<String>,
    /// Why there is no map, or what to know of it.
    pub map_note: String,
    /// Figures in order.
    pub figures: Vec<Figure>,
    /// What a figure shows, in a sentence, by its id; that of others is not said.
    pub findings: Findings,
    /// Tables in order: id, title, what it is, rows.
    pub tables: Vec<(String, String, String, Csv)>,
    /// How to make it again: what, value.
    pub facts: Vec<(String, String)>,
    /// The command.
    pub command: String,
    /// Checksums: file, SHA-256.
    pub sums: Vec<(String, String)>,
    /// Tables of the results that are not in their folder.
    pub missing: Vec<String>,
    /// Of a sweep: what keeps the summary beside its tables from being one of them. It is not shown.
    pub stale: Vec<String>,
    /// Of a sweep that is not complete: how many of its runs the tables hold.
    pub partial: Option<Counts>,
}

/// A figure as it stands in the page.
struct Shown<'r> {
    figure: &'r Figure,
    wide: String,
    narrow: String,
    frames: String,
    narrow_frames: String,
    spots: String,
    narrow_spots: String,
    data: String,
    /// Why there is no chart; empty when there is one.
    missing: String,
}

/// A table as it stands in the page.
struct Sheet<'r> {
    id: &'r str,
    title: &'r str,
    about: &'r str,
    rows: usize,
    data: String,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'r> {
    report: &'r Report,
    lang: Lang,
    policy: String,
    figures: Vec<Shown<'r>>,
    tables: Vec<Sheet<'r>>,
    style: &'static str,
    script: &'static str,
    /// What the script says, as JSON.
    words: String,
    version: &'static str,
}

impl Page<'_> {
    fn say(&self, id: &'static str) -> &'static str {
        self.lang.plain(id)
    }

    fn made(&self) -> String {
        say!(self.lang, "page-made", version = self.version)
    }

    fn rows(&self, rows: &usize) -> String {
        say!(self.lang, "page-rows", rows)
    }
}

/// What the script of a page says, as JSON that can stand in a page.
fn words(lang: Lang) -> String {
    let mut words = lang.of_scripts();
    // Tables hold the names of outcomes; people read their words.
    let outcomes = OUTCOMES.iter().map(|of| (of.name, lang.words(of.label)));
    words.extend(outcomes.map(|(name, word)| (format!("outcome-{name}"), word.to_owned())));
    let words = serde_json::to_string(&words).unwrap_or_default();
    words.replace('<', r"\u003c")
}

/// A text as HTML: escaped, and what stands between backticks as code.
fn coded(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    let pairs = text.matches('`').count() / 2 * 2;
    let mut seen = 0;
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '`' if seen < pairs => {
                seen += 1;
                html.push_str(if seen % 2 == 1 { "<code>" } else { "</code>" });
            }
            c => html.push(c),
        }
    }
    html
}

/// A text as HTML in which months are not broken.
fn dated(text: &str) -> String {
    let html = coded(text);
    let month = |at: usize| {
        let bytes = html.as_bytes().get(at..at + 7)?;
        let shape = bytes.iter().enumerate().all(|(n, b)| match n {
            4 => *b == b'-',
            _ => b.is_ascii_digit(),
        });
        shape.then_some(())
    };
    let mut out = String::with_capacity(html.len());
    let mut rest = html.char_indices();
    while let Some((at, c)) = rest.next() {
        match month(at) {
            Some(()) => {
                out.push_str(&format!(
                    "<span class=\"whole\">{}</span>",
                    &html[at..at + 7]
                ));
                rest.nth(5);
            }
            None => out.push(c),
        }
    }
    out
}

/// The source of a policy that allows an inline text by its hash.
fn source(text: &str) -> String {
    format!(
        "'sha256-{}'",
        STANDARD.encode(Sha256::digest(text.as_bytes()))
    )
}

/// The content security policy: nothing but the style and the script of the page itself.
fn policy() -> String {
    format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        source(STYLE),
        source(SCRIPT)
    )
}

impl Report {
    /// The text of the file.
    ///
    /// # Errors
    /// What the drawing library tells, which writes to memory here.
    pub fn html(&self) -> Drawing<String> {
        let shown = |figure| self.shown(figure);
        let page = Page {
            report: self,
            lang: self.lang,
            policy: policy(),
            figures: self.figures.iter().map(shown).collect::<Drawing<_>>()?,
            tables: self
                .tables
                .iter()
                .map(|(id, title, about, csv)| Sheet {
                    id,
                    title,
                    about,
                    rows: csv.rows.len(),
                    data: payload::packed(csv.text().as_bytes()),
                })
                .collect(),
            style: STYLE,
            script: SCRIPT,
            words: words(self.lang),
            version: env!("CARGO_PKG_VERSION"),
        };
        // Rendering writes to memory, which takes everything.
        Ok(page.render().unwrap_or_default())
    }

    fn shown<'r>(&self, figure: &'r Figure) -> Drawing<Shown<'r>> {
        let empty = || Drawn {
            svg: String::new(),
            size: (0.0, 0.0),
            frames: Vec::new(),
            spots: Vec::new(),
        };
        let draw = |width| match &figure.chart {
            // The canvas takes the place of the static map.
            Ok(_) if figure.id == "map" && !self.map.is_empty() => Ok(empty()),
            Ok(chart) => chart.draw(width, &figure.title),
            Err(_) => Ok(empty()),
        };
        let (wide, narrow) = (draw(Width::Page)?, draw(Width::Column)?);
        let frames = |drawn: &Drawn| serde_json::to_string(&drawn.frames).unwrap_or_default();
        // Packed, as it is text of thousands of marks.
        let spots = |drawn: &Drawn| {
            if drawn.spots.is_empty() {
                return String::new();
            }
            let text = serde_json::to_string(&drawn.spots).unwrap_or_default();
            payload::packed(text.as_bytes())
        };
        Ok(Shown {
            figure,
            spots: spots(&wide),
            narrow_spots: spots(&narrow),
            frames: frames(&wide),
            narrow_frames: frames(&narrow),
            wide: wide.svg,
            narrow: narrow.svg,
            data: payload::packed(figure.data.text().as_bytes()),
            missing: match &figure.chart {
                Ok(_) => String::new(),
                Err(why) => why.told(self.lang),
            },
        })
    }
}

impl Shown<'_> {
    /// What it shows; empty when that is not said.
    fn finding<'f>(&self, findings: &'f Findings) -> &'f str {
        findings.get(&self.figure.id).map_or("", String::as_str)
    }

    fn is_map(&self) -> bool {
        self.figure.id == "map" && self.wide.is_empty() && self.figure.chart.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_code_is_code() {
        let html = coded("run `a<b` & `c");
        assert_eq!(html, "run <code>a&lt;b</code> &amp; `c");
        assert_eq!(
            coded("<script>'\"</script>"),
            "&lt;script&gt;&#39;&quot;&lt;/script&gt;"
        );
    }

    #[test]
    fn months_in_titles_are_not_broken() {
        assert_eq!(
            dated("到 2035-12 <b>"),
            "到 <span class=\"whole\">2035-12</span> &lt;b&gt;"
        );
        assert_eq!(dated("2035-1 a-12"), "2035-1 a-12");
    }

    #[test]
    fn the_policy_names_the_hashes_of_what_the_page_holds() {
        // The hash of the empty text is known (RFC 6234).
        assert_eq!(
            source(""),
            "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
        );
        let html = Report::default().html().unwrap();
        let inside = |tag: &str| {
            let (_, rest) = html.rsplit_once(&format!("<{tag}>")).unwrap();
            rest.split_once(&format!("</{tag}>")).unwrap().0.to_owned()
        };
        for tag in ["style", "script"] {
            // Escaped in the attribute as the text is: plus signs stay.
            let hash = source(&inside(tag)).replace('\'', "&#39;");
            assert!(html.contains(&hash), "{tag}");
        }
    }
}
