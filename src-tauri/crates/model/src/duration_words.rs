//! Lengths of time as people say them.

/// A length of time: "45 s", "20 min", "1 h 35", "3 d 4 h"; "unknown" when there is none. Seconds are shown below a minute
/// alone, minutes below a day.
pub fn duration(seconds: Option<i64>) -> String {
    let Some(seconds) = seconds else {
        return "unknown".into();
    };
    let (sign, s) = (if seconds < 0 { "−" } else { "" }, seconds.unsigned_abs());
    let minutes = s / 60;
    let (h, d) = (minutes / 60, minutes / 1440);
    let text = match s {
        0..60 => format!("{s} s"),
        60..3600 => format!("{minutes} min"),
        3600..86_400 if minutes % 60 == 0 => format!("{h} h"),
        3600..86_400 => format!("{h} h {:02}", minutes % 60),
        _ if h % 24 == 0 => format!("{d} d"),
        _ => format!("{d} d {} h", h % 24),
    };
    format!("{sign}{text}")
}

/// A length of time that may rest on an estimate: "about 20 min".
pub fn duration_about(seconds: Option<i64>, about: bool) -> String {
    let text = duration(seconds);
    if about && seconds.is_some() {
        format!("about {text}")
    } else {
        text
    }
}
