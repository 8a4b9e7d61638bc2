//! Pages as PDF: one of our self-contained web pages in, a tagged PDF with embedded fonts and an outline out.
//!
//! The page is the only source, so that what was replaced, left out or changed in a page's template is so in the PDF too.
//! Nothing is read from a disk or a network but, for letters that Inter does not have, the fonts of this computer. People's
//! text reaches the typesetter as data, never as its language.

use std::fmt;

mod tree;
mod world;

/// The size of a sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 8.5 × 11 in.
    Letter,
}

impl Paper {
    fn name(self) -> &'static str {
        match self {
            Self::A4 => "a4",
            Self::Letter => "us-letter",
        }
    }
}

/// Why a page could not be made into a PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PdfError(String);

impl fmt::Display for PdfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The PDF could not be made: {}", self.0)
    }
}

impl std::error::Error for PdfError {}

/// Sets a page, as `render` makes them, on sheets of paper: its title, language, headings, lists, tables, pictures and
/// drawings, and the classes that docs/formats.md names. Scripts, styles, forms and frames are left out. Pictures that
/// cannot be read are told by their description.
///
/// The same page gives the same bytes: no time of making is written, since the page says when it was made.
///
/// Errors: the typesetter's own words, when a page is beyond it.
pub fn from_page(html: &str, paper: Paper) -> Result<Vec<u8>, PdfError> {
    let page = tree::read(html);
    world::set(&page, paper)
}
