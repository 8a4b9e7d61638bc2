use chrono::NaiveDate;
use model::postmortem::{Phase, Severity};

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a constant")
}

fn units(counts: &[usize]) -> Vec<Month> {
    let severities = [
        Some(Severity::Sev1),
        Some(Severity::Sev2),
        Some(Severity::Sev3),
        Some(Severity::Sev4),
        Some(Severity::Sev5),
        None,
    ];
    counts
        .iter()
        .enumerate()
        .map(|(i, count)| Month {
            label: format!("M{i}"),
            year: if i == 0 { "2026".into() } else { String::new() },
            units: (0..*count)
                .map(|n| Unit {
                    title: format!("Incident {n}"),
                    severity: severities[n % 6],
                })
                .collect(),
        })
        .collect()
}

fn dot(seconds: i64) -> Dot {
    Dot {
        title: "Login page outage".into(),
        severity: Some(Severity::Sev2),
        seconds,
        about: false,
        focus: false,
    }
}

fn strip(seconds: &[i64]) -> Strip {
    Strip {
        name: "Detection".into(),
        note: "half within 38 min".into(),
        known: String::new(),
        dots: seconds.iter().map(|s| dot(*s)).collect(),
        median: Some(2280),
        middle_half: Some((700, 6000)),
    }
}

/// Numbers that follow an attribute's name in a picture.
fn values(svg: &str, attribute: &str) -> Vec<f64> {
    svg.split(&format!(" {attribute}=\""))
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|value| value.parse().expect("a number"))
        .collect()
}

/// What every picture must be: attributes alone, large enough words, nothing that runs or loads.
fn good(svg: &str) {
    for never in ["style=", "<style", "<script", "href", "url(", "NaN", "inf"] {
        assert!(!svg.contains(never), "{never} in {svg}");
    }
    assert!(
        svg.contains("role=\"img\"") && svg.contains("<title"),
        "a picture has a name: {svg}"
    );
    for size in values(svg, "font-size") {
        assert!(size >= 11.5, "{size} is too small to read");
    }
}

#[test]
fn few_incidents_are_squares_and_many_are_bars() {
    let few = months("m", "Incidents per month", &units(&[2, 2, 3, 3, 2, 3]));
    good(&few);
    assert_eq!(
        few.matches("<g><title>Incident").count(),
        15,
        "one square is one incident"
    );
    assert!(
        few.contains("M0 2026 2 (1 SEV1, 1 SEV2)"),
        "the sentence gives the figures: {few}"
    );
    let many = months("m", "Incidents per month", &units(&[300, 40, 0, 700]));
    good(&many);
    assert!(
        !many.contains("Incident 1"),
        "hundreds of squares would be dust"
    );
    assert!(
        many.contains(">700</text>") && many.contains(">300</text>"),
        "counts stand on the bars"
    );
    for y in values(&many, "y").into_iter().chain(values(&few, "y")) {
        assert!((0.0..=170.0).contains(&y), "{y} leaves the picture");
    }
    good(&months("m", "Incidents per month", &[]));
}

#[test]
fn squares_of_every_size_stay_in_their_column() {
    for most in [1, 4, 5, 9, 17, 40, 80, 120] {
        for columns in [1, 6, 12, 24, 36] {
            let svg = months("m", "x", &units(&vec![most; columns]));
            for (x, width) in values(&svg, "x")
                .iter()
                .zip(values(&svg, "width").iter().skip(1))
            {
                assert!(
                    *x >= -0.5 && *x <= 302.5 && *width <= 302.0,
                    "{most} in {columns}: {x}"
                );
            }
            for y in values(&svg, "y") {
                assert!(
                    y >= 8.0,
                    "{most} in {columns} columns must not leave the top: {y}"
                );
            }
        }
    }
}

#[test]
fn every_incident_is_a_dot_with_its_length() {
    let svg = durations(
        "d",
        "How long each part took",
        &[strip(&[180, 300, 2280, 6000, 24_600])],
    );
    good(&svg);
    assert!(
        svg.contains("<title>Login page outage, SEV2: 38 min</title>"),
        "a dot says what it is: {svg}"
    );
    assert!(
        svg.contains("Detection: 5 incidents, the middle one took 38 min"),
        "so does the picture"
    );
    for tick in ["5 min", "15 min", "1 h", "4 h", "12 h"] {
        assert!(
            svg.contains(&format!(">{tick}</text>")),
            "{tick} is a length that people think in"
        );
    }
    let mut one = strip(&[0, 1, 60, 3600, 86_400]);
    one.dots[2].focus = true;
    one.dots[2].title = "x".repeat(400);
    one.median = None;
    one.middle_half = None;
    good(&durations("d", "x", &[one, strip(&[])]));
    let many: Vec<i64> = (0..2000).map(|i| i * 31).collect();
    let svg = durations("d", "x", &[strip(&many)]);
    good(&svg);
    assert!(
        !svg.contains("<circle"),
        "two thousand dots would be a smear"
    );
    assert!(svg.len() < 40_000, "and a heavy page: {} bytes", svg.len());
}

#[test]
fn end_labels_of_lines_never_overlap() {
    for (opened, done, declined) in [
        (77, 58, 0),
        (77, 77, 0),
        (5, 0, 0),
        (0, 0, 0),
        (9, 8, 1),
        (40, 1, 38),
    ] {
        let steps = super::Steps {
            from: day("2026-06-01"),
            to: day("2026-11-16"),
            opened: vec![(day("2026-06-10"), opened / 2), (day("2026-11-10"), opened)],
            done: vec![(day("2026-07-10"), done)],
            declined,
        };
        let svg = super::steps("s", "Action items", &steps);
        good(&svg);
        let mut ys: Vec<f64> = svg
            .split("<text x=\"226\" y=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next()?.parse().ok())
            .collect();
        assert!(ys.len() >= 2, "both lines are named: {svg}");
        ys.sort_by(f64::total_cmp);
        for pair in ys.windows(2) {
            assert!(
                pair[1] - pair[0] >= 15.9,
                "{opened}, {done}, {declined}: {ys:?} overlap"
            );
        }
        assert!(
            ys[0] > 8.0 && ys[ys.len() - 1] < 170.0,
            "{ys:?} leave the picture"
        );
    }
}

#[test]
fn open_items_are_rings_or_a_number() {
    let rows = [
        AgeRow {
            name: "Under a week".into(),
            open: 9,
            overdue: 0,
        },
        AgeRow {
            name: "1 to 4 weeks".into(),
            open: 20,
            overdue: 3,
        },
        AgeRow {
            name: "1 to 2 months".into(),
            open: 37,
            overdue: 5,
        },
        AgeRow {
            name: "Longer".into(),
            open: 0,
            overdue: 0,
        },
    ];
    let svg = ages("a", "Age of open actions", &rows);
    good(&svg);
    assert_eq!(
        svg.matches("1 open item").count(),
        29,
        "one ring is one item"
    );
    assert!(
        svg.contains("×5</text>") && svg.contains("×32</text>"),
        "more than twenty are told as a number: {svg}"
    );
    assert!(
        svg.contains("66 open: 9 under a week"),
        "the sentence gives the figures"
    );
    for x in values(&svg, "cx") {
        assert!(x <= 272.0, "a ring must not run into the figure: {x}");
    }
    assert!(
        ages("a", "x", &[]).contains("No action item is open."),
        "nothing open is said"
    );
}

#[test]
fn parts_of_an_incident_fill_the_bar() {
    for phases in [
        [Some(300), Some(360), Some(540)],
        [Some(1), Some(1), Some(1_000_000)],
        [Some(0), Some(0), Some(0)],
        [None, Some(60), None],
        [None, None, None],
    ] {
        let named: Vec<(Phase, Option<i64>)> =
            [Phase::Detection, Phase::Response, Phase::Remediation]
                .into_iter()
                .zip(phases)
                .collect();
        let svg = parts(&named);
        good(&svg);
        let widths: f64 = svg
            .split("<rect")
            .skip(1)
            .filter_map(|rest| {
                rest.split(" width=\"")
                    .nth(1)?
                    .split('"')
                    .next()?
                    .parse::<f64>()
                    .ok()
            })
            .sum();
        assert!(widths <= 112.5, "{phases:?} must not overflow: {widths}");
        assert!(
            svg.contains("Detection ") && svg.contains("Remediation "),
            "it says its lengths, also unknown ones: {svg}"
        );
    }
}

#[test]
fn what_people_wrote_cannot_leave_its_title() {
    let hostile = "</title><script>alert(1)</script>\"'&\u{0}\u{1b}";
    let mut month = units(&[5]);
    month[0].units[0].title = hostile.into();
    let mut row = strip(&[60, 61, 62, 63, 64]);
    row.dots[0].title = hostile.into();
    row.dots[0].focus = true;
    for svg in [
        months("m", hostile, &month),
        durations("d", hostile, &[row]),
    ] {
        good(&svg);
        assert!(
            !svg.contains('\u{0}') && !svg.contains('\u{1b}'),
            "control characters are no XML"
        );
        assert!(
            svg.contains("&lt;script&gt;"),
            "it is shown as it was written: {svg}"
        );
    }
}
