//! Aligned columns.

use super::output;

/// Characters of a cell at the most; the rest is an ellipsis.
const WIDEST: usize = 64;

/// Rows under a header, each column as wide as its widest cell; the last one is not padded.
pub fn table<const N: usize>(header: [&str; N], rows: &[[String; N]]) -> String {
    let cells: Vec<[String; N]> = std::iter::once(header.map(str::to_owned))
        .chain(
            rows.iter()
                .map(|row| row.each_ref().map(|cell| shown(cell))),
        )
        .collect();
    let widths: [usize; N] = std::array::from_fn(|at| {
        cells
            .iter()
            .filter_map(|row| row.get(at))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    });
    let mut out = String::new();
    for row in &cells {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(
                ' ',
                width.saturating_sub(cell.chars().count()) + 2,
            ));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn shown(cell: &str) -> String {
    let plain = output::plain(cell);
    let plain = plain.trim();
    match plain.char_indices().nth(WIDEST) {
        None => plain.to_owned(),
        Some((end, _)) => format!("{}…", plain.get(..end).unwrap_or_default()),
    }
}

/// The shortest beginnings, of at least eight characters, that tell ids apart.
pub fn short_ids<'a>(ids: impl IntoIterator<Item = &'a str>) -> impl Fn(&str) -> String {
    let mut sorted: Vec<String> = ids.into_iter().map(str::to_owned).collect();
    sorted.sort();
    sorted.dedup();
    move |id| {
        let at = sorted.partition_point(|other| other.as_str() < id);
        let neighbours = [
            at.checked_sub(1).and_then(|at| sorted.get(at)),
            sorted.get(at + 1),
        ];
        let shared = neighbours
            .into_iter()
            .flatten()
            .map(|other| common(other, id))
            .max()
            .unwrap_or(0);
        id.chars().take((shared + 1).max(8)).collect()
    }
}

fn common(one: &str, other: &str) -> usize {
    one.chars()
        .zip(other.chars())
        .take_while(|(one, other)| one == other)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_harmless() {
        let rows = [
            ["a".into(), "x\u{1b}[2Jy".into()],
            ["bbb".into(), "z".repeat(80)],
        ];
        let told = table(["ID", "TITLE"], &rows);
        let expected = format!("ID   TITLE\na    x [2Jy\nbbb  {}…\n", "z".repeat(64));
        assert_eq!(
            told, expected,
            "columns line up, and no control character reaches the terminal"
        );
    }

    #[test]
    fn ids_are_shortened_as_far_as_they_differ() {
        let short = short_ids(["0123456789abc", "0123456789abd", "fedcba9876543"]);
        assert_eq!(
            short("0123456789abc"),
            "0123456789abc",
            "neighbours differ in the last character alone"
        );
        assert_eq!(
            short("fedcba9876543"),
            "fedcba98",
            "eight characters are shown at least"
        );
    }
}
