//! What a page becomes on paper, as other programs read it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Command;

use pdf::{Paper, from_page};

const PICTURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg==";

fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><title>Login page outage</title><style>.dot {{ fill: #1A7553 }}</style></head>\
         <body><main>{body}</main><footer><span>Made with Debrief</span></footer></body></html>"
    )
}

fn made(body: &str) -> Vec<u8> {
    from_page(&page(body), Paper::A4).expect("a page becomes a PDF")
}

/// What a program says of a PDF.
fn told(program: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(pdf).expect("written");
    let output = Command::new(program)
        .args(arguments.iter().map(|one| {
            if *one == "FILE" {
                file.path().to_str().expect("a path")
            } else {
                one
            }
        }))
        .output()
        .unwrap_or_else(|error| {
            panic!("{program} is needed (qpdf and poppler-utils of the system): {error}")
        });
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn text(pdf: &[u8]) -> String {
    told("pdftotext", &["-layout", "FILE", "-"], pdf)
}

#[test]
fn it_is_a_whole_tagged_document() {
    let pdf = made(&format!(
        "<h1>Login page outage</h1><h2 id=\"f\">Findings</h2><p>See <a href=\"#f\">F1</a> and <a href=\"https://example.org/\">the page</a>.</p>\
         <table><thead><tr><th scope=\"col\">What</th><th scope=\"col\">When</th></tr></thead><tbody><tr><th scope=\"row\">Login</th><td>16:05</td></tr></tbody></table>\
         <svg viewBox=\"0 0 400 20\" role=\"img\" aria-label=\"Three incidents in June\"><circle class=\"dot\" cx=\"9\" cy=\"9\" r=\"4\"/></svg>\
         <img src=\"{PICTURE}\" alt=\"A graph of sign-ins\"><ul><li>One</li><li>Two</li></ul>"
    ));
    let sound = told("qpdf", &["--check", "FILE"], &pdf);
    assert!(
        sound.contains("No syntax or stream encoding errors"),
        "a strict reader takes it: {sound}"
    );
    let info = told("pdfinfo", &["FILE"], &pdf);
    assert!(
        info.contains("Login page outage"),
        "its title is the page's: {info}"
    );
    assert!(
        info.lines()
            .any(|l| l.starts_with("Tagged:") && l.ends_with("yes")),
        "whoever listens is told what is what: {info}"
    );
    assert!(info.contains("A4"), "it is of the size asked for: {info}");
    let tags = told("pdfinfo", &["-struct-text", "FILE"], &pdf);
    let places: Vec<Option<usize>> = ["H1", "H2", "Table", "Figure", "L (block)"]
        .iter()
        .map(|tag| tags.find(tag))
        .collect();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "headings, table, pictures and list are told in the order of the page, {places:?}: {tags}"
    );
    let raw = told(
        "qpdf",
        &["--qdf", "--object-streams=disable", "FILE", "-"],
        &pdf,
    );
    for needed in [
        "/Alt (Three incidents in June)",
        "/Alt (A graph of sign-ins)",
        "/Lang (en)",
        "/Outlines",
        "https://example.org/",
    ] {
        let near: Vec<&str> = raw.lines().filter(|l| l.contains("/Alt")).collect();
        assert!(raw.contains(needed), "the file holds {needed}: {near:?}");
    }
    let fonts = told("pdffonts", &["FILE"], &pdf);
    assert!(
        fonts.lines().skip(2).all(|line| line.contains("yes")),
        "every font is inside: {fonts}"
    );
}

#[test]
fn words_can_be_selected_and_are_never_a_language() {
    let pdf = made(
        "<h1>#import \"/etc/passwd\"</h1><p>#read(\"/etc/passwd\") $x^2$ *not bold* @label &lt;script&gt; \\u{41} = heading</p><p>Zoë Żółć Юлия Αθήνα → 16:05</p>",
    );
    let text = text(&pdf);
    for said in [
        "#import \"/etc/passwd\"",
        "#read(\"/etc/passwd\") $x^2$ *not bold* @label <script> \\u{41} = heading",
        "Zoë Żółć Юлия Αθήνα → 16:05",
        "1 of 1",
    ] {
        assert!(
            text.contains(said),
            "{said} stands as it was written: {text}"
        );
    }
}

#[test]
fn what_is_broken_or_hostile_is_set_as_far_as_it_goes() {
    let deep = format!(
        "{}deep{}",
        "<div><blockquote>".repeat(300),
        "</blockquote></div>".repeat(300)
    );
    let pdf = made(&format!(
        "<script>alert(1)</script><style>x</style><iframe src=\"x\"></iframe><a href=\"#nowhere\">nowhere</a> <a href=\"javascript:alert(1)\">script</a>\
         <p id=\"twice\">one</p><p id=\"twice\">two</p><a href=\"#twice\">there</a>\
         <img src=\"data:image/png;base64,AAAA\" alt=\"Broken\"><img src=\"https://example.org/a.png\" alt=\"Elsewhere\"><svg></svg><svg viewBox=\"0 0 1 1\"><path d=\"nonsense\"/></svg>\
         <table></table><table><tr><td colspan=\"900\">a</td></tr><tr><td>b</td><td>c</td></tr></table><ol start=\"-3\"><li></li></ol><dl></dl>{deep}\u{0}\u{7}"
    ));
    let text = text(&pdf);
    for said in [
        "nowhere",
        "Picture: Broken",
        "Picture: Elsewhere",
        "deep",
        "there",
    ] {
        assert!(text.contains(said), "{said} is not lost: {text}");
    }
    assert!(!text.contains("alert"), "a script is not a text: {text}");
    let raw = told(
        "qpdf",
        &["--qdf", "--object-streams=disable", "FILE", "-"],
        &pdf,
    );
    assert!(
        !raw.contains("javascript"),
        "no link of the file runs anything"
    );
}

#[test]
fn a_long_table_repeats_its_head_and_parts_no_row() {
    let mut rows = String::new();
    for at in 0..400 {
        let _ = write!(
            rows,
            "<tr><td>Row {at}</td><td>begins {at} and goes on for more words than one line of this column holds, so that it could be parted, ends {at}</td></tr>"
        );
    }
    let pdf = made(&format!(
        "<h1>Long</h1><table><thead><tr><th scope=\"col\">Number</th><th scope=\"col\">What</th></tr></thead><tbody>{rows}</tbody></table>"
    ));
    let text = text(&pdf);
    let sheets: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
    assert!(sheets.len() > 5, "it takes several sheets");
    for sheet in &sheets {
        assert!(sheet.contains("Number"), "each has the head: {sheet}");
    }
    for at in 0..400 {
        let of = |word: &str| {
            let word = format!("{word} {at}");
            sheets.iter().position(|sheet| {
                sheet.match_indices(&word).any(|(i, _)| {
                    !sheet[i + word.len()..].starts_with(|c: char| c.is_ascii_digit())
                })
            })
        };
        assert_eq!(of("Row"), of("begins"), "row {at} begins on one sheet");
        assert!(of("Row").is_some(), "row {at} is there");
    }
}

#[test]
fn a_word_without_end_stays_on_the_paper() {
    let word = "Unbrechbar".repeat(20);
    let pdf = made(&format!(
        "<h1>{word}</h1><p>{word}</p><table><thead><tr><th scope=\"col\">What</th><th scope=\"col\">When</th></tr></thead><tbody><tr><td>{word}</td><td>16:05</td></tr></tbody></table>"
    ));
    let boxes = told("pdftotext", &["-bbox", "FILE", "-"], &pdf);
    let right = |line: &str| -> Option<f64> {
        let (_, rest) = line.split_once("xMax=\"")?;
        rest.split_once('"')?.0.parse().ok()
    };
    let words: Vec<f64> = boxes
        .lines()
        .filter(|line| line.contains("<word"))
        .filter_map(right)
        .collect();
    assert!(words.len() > 10, "the word goes on in other lines: {boxes}");
    assert!(
        words.iter().all(|right| *right < 595.0),
        "A4 is 595 points wide: {words:?}"
    );
}

#[test]
fn the_same_page_gives_the_same_file() {
    assert_eq!(
        made("<h1>Once</h1><p>more</p>"),
        made("<h1>Once</h1><p>more</p>"),
        "so that a frozen copy can be compared"
    );
    let letter = from_page(&page("<h1>Once</h1>"), Paper::Letter).expect("a PDF");
    assert!(
        told("pdfinfo", &["FILE"], &letter).contains("letter"),
        "the other size is there too"
    );
}
