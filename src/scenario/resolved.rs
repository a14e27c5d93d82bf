//! The text of `scenario.resolved.toml`: what was run, after layouts and settings.

use std::fmt::Write;

use super::catalogue::member_in_words;
use super::load::Loaded;
use super::tables::Kind;

impl Loaded {
    /// The scenario file with every parameter written out, then, as comments, what the layouts made of
    /// alliances and openings.
    pub fn resolved(&self) -> String {
        let mut spec = self.spec.clone();
        spec.extends = None;
        let active = self.scenario.alliances.iter();
        spec.alliances.active = active.map(|alliance| alliance.id.clone()).collect();
        let mut text = format!(
            "# Resolved scenario. Layouts: {}\n\n",
            or_none(&self.layouts.join(", "))
        );
        // Every field of the specification can be written as TOML.
        text.push_str(&toml::to_string(&spec).unwrap_or_else(|error| format!("# {error}\n")));
        let scenario = &self.scenario;
        let date = |m: Option<super::Month>| m.map_or("open".to_owned(), |m| m.to_string());
        text.push_str(
            "\n# Active alliances: id, from, to, strength, size_exponent, c_l, members\n",
        );
        for a in &scenario.alliances {
            let members: Vec<String> = a
                .members
                .iter()
                .map(|member| member_in_words(member.who.name(), member))
                .collect();
            let _ = writeln!(
                text,
                "#   {}, {}, {}, {}, {}, {:?}, {}",
                a.id,
                date(a.from),
                date(a.to),
                a.strength,
                a.size_exponent,
                a.layers,
                members.join(" ")
            );
        }
        text.push_str("# Zones that open: id, month, month of closing\n");
        for zone in scenario.places.iter().filter(|p| p.kind == Kind::Zone) {
            if let Some(month) = zone.open {
                let close = zone
                    .close
                    .map_or_else(String::new, |close| format!(", {close}"));
                let _ = writeln!(text, "#   {}, {month}{close}", zone.id);
            }
        }
        text
    }
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}
