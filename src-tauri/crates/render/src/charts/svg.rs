//! One SVG as it is written: escaped text, short numbers, the colours of paper.

use std::fmt::Write as _;

use model::postmortem::{Phase, Severity};

use crate::prose::escape_html;
use crate::words;

pub(super) const INK: &str = "#15191A";
pub(super) const INK_2: &str = "#454C4D";
pub(super) const INK_3: &str = "#5C6465";
pub(super) const LINE: &str = "#E3E6E5";
pub(super) const LINE_2: &str = "#CFD5D4";
pub(super) const SURFACE: &str = "#FFFFFF";
pub(super) const BAND: &str = "#EFF1F0";
pub(super) const ATTEND: &str = "#B7791A";
pub(super) const ATTEND_INK: &str = "#7A4F07";
pub(super) const ATTEND_WASH: &str = "#FBF3E0";
pub(super) const DONE: &str = "#2C7D5C";
pub(super) const DONE_INK: &str = "#1B6446";

/// The smallest text on a chart, in the picture's own units, which are CSS pixels on a page.
pub(super) const SMALL: f64 = 11.5;

const FACE: &str = "Inter, 'Inter Variable', -apple-system, BlinkMacSystemFont, 'Segoe UI', Cantarell, 'Noto Sans', sans-serif";

/// Where a text stands around its point.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Clone, Copy)]
pub(super) struct Face {
    pub(super) fill: &'static str,
    pub(super) strong: bool,
    pub(super) size: f64,
}

/// The words beside axes.
pub(super) const QUIET: Face = Face {
    fill: INK_3,
    strong: false,
    size: SMALL,
};
/// A figure.
pub(super) const STRONG: Face = Face {
    fill: INK,
    strong: true,
    size: SMALL,
};
/// The name of a row.
pub(super) const NAME: Face = Face {
    fill: INK,
    strong: true,
    size: 12.5,
};

/// An SVG under construction.
pub(super) struct Svg {
    out: String,
}

impl Svg {
    /// Starts a picture. `id` is unique on its page; `title` names the picture and `text` gives its figures in a sentence.
    pub(super) fn new(id: &str, (width, height): (f64, f64), title: &str, text: &str) -> Self {
        let (id, title, text) = (escape_html(id), escape_html(title), escape_html(text));
        let mut out = String::with_capacity(4096);
        let _ = write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-text\" font-family=\"{FACE}\">\n\
             <title id=\"{id}-title\">{title}</title><desc id=\"{id}-text\">{text}</desc>",
            w = number(width),
            h = number(height),
        );
        Self { out }
    }

    /// Writes what is marked up already; only numbers and names of this crate's own may stand in it.
    pub(super) fn raw(&mut self, markup: &str) {
        self.out.push('\n');
        self.out.push_str(markup);
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: &str, width: f64) {
        let markup = format!(
            "<path d=\"M{} {}L{} {}\" stroke=\"{stroke}\" stroke-width=\"{}\" stroke-linecap=\"round\"/>",
            number(from.0),
            number(from.1),
            number(to.0),
            number(to.1),
            number(width),
        );
        self.raw(&markup);
    }

    /// Writes a text; an empty one leaves no trace.
    pub(super) fn text(&mut self, at: (f64, f64), side: Side, face: Face, text: &str) {
        if text.is_empty() {
            return;
        }
        let anchor = match side {
            Side::Start => "",
            Side::Middle => " text-anchor=\"middle\"",
            Side::End => " text-anchor=\"end\"",
        };
        let weight = if face.strong {
            " font-weight=\"600\""
        } else {
            ""
        };
        let markup = format!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\"{weight}{anchor}>{}</text>",
            number(at.0),
            number(at.1),
            number(face.size),
            face.fill,
            escape_html(text),
        );
        self.raw(&markup);
    }

    /// A square of one severity, `at` its upper left corner.
    pub(super) fn square(
        &mut self,
        at: (f64, f64),
        side: f64,
        severity: Option<Severity>,
        title: &str,
    ) {
        let markup = format!(
            "<g>{}{}</g>",
            titled(title),
            square_shape(at, side, severity)
        );
        self.raw(&markup);
    }

    /// A dot of one severity.
    pub(super) fn dot(
        &mut self,
        (x, y): (f64, f64),
        r: f64,
        severity: Option<Severity>,
        title: &str,
    ) {
        let fill = severity_fill(severity);
        let shape = match severity {
            Some(Severity::Sev5) | None => {
                let dashes = if severity.is_none() {
                    " stroke-dasharray=\"2 1.6\""
                } else {
                    ""
                };
                let width = 1.75_f64.min(r * 0.4);
                format!(
                    "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{SURFACE}\" stroke=\"{fill}\" stroke-width=\"{}\"{dashes}/>",
                    number(x),
                    number(y),
                    number(r - width / 4.0),
                    number(width)
                )
            }
            _ => {
                let rim = if r < 3.0 { 0.6 } else { 1.2 };
                let mut shape = format!(
                    "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{fill}\" stroke=\"{SURFACE}\" stroke-width=\"{rim}\"/>",
                    number(x),
                    number(y),
                    number(r)
                );
                if severity == Some(Severity::Sev4) {
                    let _ = write!(
                        shape,
                        "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{SURFACE}\"/>",
                        number(x),
                        number(y),
                        number(r * 0.3)
                    );
                }
                shape
            }
        };
        let markup = format!("<g>{}{shape}</g>", titled(title));
        self.raw(&markup);
    }

    /// Ends the picture.
    pub(super) fn finish(mut self) -> String {
        self.out.push_str("\n</svg>");
        self.out
    }
}

fn titled(title: &str) -> String {
    format!("<title>{}</title>", escape_html(title))
}

/// A filled or hollow square: the shape says the severity as well as the colour does.
fn square_shape((x, y): (f64, f64), side: f64, severity: Option<Severity>) -> String {
    let fill = severity_fill(severity);
    let corner = number((side / 6.0).min(4.0));
    match severity {
        Some(Severity::Sev5) | None => {
            let width = 2.0_f64.min(side / 5.0);
            let dashes = if severity.is_none() {
                " stroke-dasharray=\"3 2\""
            } else {
                ""
            };
            format!(
                "<rect x=\"{}\" y=\"{}\" width=\"{s}\" height=\"{s}\" rx=\"{corner}\" fill=\"{SURFACE}\" stroke=\"{fill}\" \
                 stroke-width=\"{}\"{dashes}/>",
                number(x + width / 2.0),
                number(y + width / 2.0),
                number(width),
                s = number(side - width),
            )
        }
        _ => {
            let mut shape = format!(
                "<rect x=\"{}\" y=\"{}\" width=\"{s}\" height=\"{s}\" rx=\"{corner}\" fill=\"{fill}\"/>",
                number(x),
                number(y),
                s = number(side),
            );
            if severity == Some(Severity::Sev4) {
                let _ = write!(
                    shape,
                    "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{SURFACE}\"/>",
                    number(x + side / 2.0),
                    number(y + side / 2.0),
                    number(side / 6.0)
                );
            }
            shape
        }
    }
}

/// The square of a severity for a legend in HTML; the word stands beside it.
pub fn legend_mark(severity: Option<Severity>) -> String {
    format!(
        "<svg width=\"10\" height=\"10\" viewBox=\"0 0 10 10\" aria-hidden=\"true\">{}</svg>",
        square_shape((0.0, 0.0), 10.0, severity)
    )
}

/// Five bars that fill up with the severity, for a row of a table; the word stands beside them.
pub fn severity_mark(severity: Severity) -> String {
    let on = match severity {
        Severity::Sev1 => 5,
        Severity::Sev2 => 4,
        Severity::Sev3 => 3,
        Severity::Sev4 => 2,
        Severity::Sev5 => 1,
    };
    let fill = severity_fill(Some(severity));
    let bars: String = (0..5)
        .map(|i| {
            let step = f64::from(i);
            format!(
                "<rect x=\"{}\" y=\"{}\" width=\"2.5\" height=\"{}\" rx=\".8\" fill=\"{}\"/>",
                number(step * 3.5),
                number(8.0 - 2.0 * step),
                number(4.0 + 2.0 * step),
                if i < on { fill } else { LINE_2 },
            )
        })
        .collect();
    format!(
        "<svg width=\"17\" height=\"12\" viewBox=\"0 0 17 12\" aria-hidden=\"true\">{bars}</svg>"
    )
}

/// One ember hue that cools to grey.
pub(super) fn severity_fill(severity: Option<Severity>) -> &'static str {
    match severity {
        Some(Severity::Sev1) => "#8F2A1C",
        Some(Severity::Sev2) => "#BC4F29",
        Some(Severity::Sev3) => "#CB7D52",
        Some(Severity::Sev4) => "#8E8781",
        Some(Severity::Sev5) | None => "#8A9291",
    }
}

/// A phase's colour on paper.
pub(super) fn phase_fill(phase: Phase) -> &'static str {
    match phase {
        Phase::Detection => "#BE8220",
        Phase::Response => "#4F90DE",
        Phase::Remediation => "#1A7553",
        Phase::Analysis => "#6B4199",
        Phase::Readiness => "#CC6A88",
    }
}

/// "SEV2", or what is said where nobody has judged it.
pub(super) fn severity_name(severity: Option<Severity>) -> String {
    severity.map_or_else(|| "not judged yet".to_owned(), words::name)
}

/// A text cut at a number of characters, with a sign that it goes on.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A number as SVG holds it: at most one place, never infinite.
pub(super) fn number(value: f64) -> String {
    let value = if value.is_finite() {
        (value * 10.0).round() / 10.0
    } else {
        0.0
    };
    // Adding zero turns −0 into 0.
    format!("{}", value + 0.0)
}

/// A count as a length.
#[allow(clippy::cast_precision_loss)]
pub(super) fn real(count: usize) -> f64 {
    count as f64
}
