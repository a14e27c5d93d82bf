//! Figures as files for papers: SVG with its letters as outlines, PDF with its fonts, PNG at 600 dots an inch.

use std::collections::BTreeSet;
use std::sync::Arc;

use svg2pdf::usvg::{self, fontdb};

use super::chart::ink::FONTS;
use super::chart::{Drawn, Width};
use crate::texts::{Text, spoken, text};

/// Format of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigureFormat {
    /// Scalable vector graphics.
    Svg,
    /// Pixels.
    Png,
    /// Portable document format.
    Pdf,
}

impl FigureFormat {
    /// File name extension.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Pdf => "pdf",
        }
    }
}

/// Why a figure cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// There is no font at all.
    NoFont,
    /// No font has some letters.
    NoLetters(String),
    /// The drawing cannot be converted.
    Convert(Text),
}

impl ExportError {
    /// The error in words.
    pub fn text(&self) -> Text {
        match self {
            Self::NoFont => text!("export-no-font"),
            Self::NoLetters(letters) => text!("export-no-letters", letters),
            Self::Convert(why) => text!("export-convert", why),
        }
    }
}

spoken!(ExportError);

/// Fonts by preference for text in Latin letters only.
const LATIN: [&str; 7] = [
    "Noto Sans",
    "Helvetica Neue",
    "Helvetica",
    "Arial",
    "Liberation Sans",
    "DejaVu Sans",
    "Segoe UI",
];
/// Fonts by preference for text with Chinese letters: simplified forms. They have Latin letters too.
const CHINESE: [&str; 12] = [
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Noto Serif CJK SC",
];

/// The fonts of this machine.
pub struct Fonts {
    all: Arc<fontdb::Database>,
    families: BTreeSet<String>,
}

impl Fonts {
    /// Looks for them.
    ///
    /// # Errors
    /// When there is none.
    pub fn new() -> Result<Self, ExportError> {
        let mut all = fontdb::Database::new();
        all.load_system_fonts();
        if all.is_empty() {
            return Err(ExportError::NoFont);
        }
        let names = all.faces().flat_map(|face| &face.families);
        let families = names.map(|(name, _)| name.clone()).collect();
        Ok(Self {
            all: Arc::new(all),
            families,
        })
    }

    /// The family that the letters of a drawing are taken from.
    fn family(&self, svg: &str) -> &str {
        let chinese = svg.chars().any(|c| (c as u32) >= 0x2e80);
        let wanted: Vec<&str> = if chinese {
            CHINESE.into_iter().chain(LATIN).collect()
        } else {
            LATIN.into_iter().chain(CHINESE).collect()
        };
        let found = wanted
            .into_iter()
            .find(|name| self.families.contains(*name));
        let any = || self.families.first().map(String::as_str);
        found.or_else(any).unwrap_or_default()
    }

    /// Makes a file of a drawing.
    ///
    /// # Errors
    /// Letters that no font has; drawings that cannot be converted.
    pub fn file(
        &self,
        drawn: &Drawn,
        width: Width,
        format: FigureFormat,
    ) -> Result<Vec<u8>, ExportError> {
        let convert = |error: &dyn std::fmt::Display| ExportError::Convert(Text::foreign(error));
        let (wide, tall) = drawn.size;
        let millimetres = width.millimetres();
        let size = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{millimetres}mm\" height=\"{:.2}mm\" ",
            millimetres * tall / wide
        );
        let svg = drawn
            .svg
            .replacen(" xmlns=\"http://www.w3.org/2000/svg\"", "", 1)
            .replacen("<svg ", &size, 1)
            .replace(FONTS, self.family(&drawn.svg));
        let options = usvg::Options {
            fontdb: self.all.clone(),
            ..usvg::Options::default()
        };
        let tree = usvg::Tree::from_str(&svg, &options).map_err(|e| convert(&e))?;
        let mut missing = BTreeSet::new();
        unknown_letters(tree.root(), &mut missing);
        if !missing.is_empty() {
            let some: String = missing.into_iter().take(20).collect();
            return Err(ExportError::NoLetters(some));
        }
        match format {
            FigureFormat::Svg => {
                let text = tree.to_string(&usvg::WriteOptions {
                    coordinates_precision: 3,
                    transforms_precision: 5,
                    ..usvg::WriteOptions::default()
                });
                Ok(text.into_bytes())
            }
            FigureFormat::Pdf => {
                // Sizes are in pixels of which an inch has 96.
                let page = svg2pdf::PageOptions { dpi: 96.0 };
                svg2pdf::to_pdf(&tree, svg2pdf::ConversionOptions::default(), page)
                    .map_err(|e| convert(&e))
            }
            FigureFormat::Png => {
                let scale = 600.0 / 96.0;
                let size = tree.size();
                let pixels = |points: f32| (points * scale).ceil() as u32;
                let mut picture =
                    resvg::tiny_skia::Pixmap::new(pixels(size.width()), pixels(size.height()))
                        .ok_or_else(|| ExportError::Convert(text!("it-is-too-large")))?;
                let scaled = resvg::tiny_skia::Transform::from_scale(scale, scale);
                // The last row of pixels may be less than a whole one: paper shows through, not nothing.
                picture.fill(resvg::tiny_skia::Color::WHITE);
                resvg::render(&tree, scaled, &mut picture.as_mut());
                picture.encode_png().map_err(|e| convert(&e))
            }
        }
    }
}

/// Letters of a drawing that no font has: their glyph is number 0.
fn unknown_letters(group: &usvg::Group, missing: &mut BTreeSet<char>) {
    for node in group.children() {
        match node {
            usvg::Node::Group(group) => unknown_letters(group, missing),
            usvg::Node::Text(text) => {
                let glyphs = text
                    .layouted()
                    .iter()
                    .flat_map(|span| &span.positioned_glyphs);
                for glyph in glyphs.filter(|glyph| glyph.id.0 == 0) {
                    missing.extend(glyph.text.chars().filter(|c| !c.is_whitespace()));
                }
            }
            _ => {}
        }
    }
}
