//! Dots that lie on one line and pile up where there are many.

/// Where each of `xs` stands above (negative) or below the line, in the order given, for dots of radius `r` that may go `reach` away from it. The
/// order of equal places is the order given, so the same figures make the same picture. Where the room is used up, dots
/// overlap.
pub(super) fn swarm(xs: &[f64], r: f64, reach: f64) -> Vec<f64> {
    let pitch = 2.0 * r + 0.5;
    // Lanes from the middle outwards: 0, −1, 1, −2, 2 …
    let mut lanes = vec![0.0];
    let mut away = pitch;
    while away <= reach {
        lanes.push(-away);
        lanes.push(away);
        away += pitch;
    }
    let mut order: Vec<usize> = (0..xs.len()).collect();
    order.sort_by(|a, b| xs[*a].total_cmp(&xs[*b]).then(a.cmp(b)));
    let mut last = vec![f64::NEG_INFINITY; lanes.len()];
    let mut out = vec![0.0; xs.len()];
    for i in order {
        let x = xs[i];
        let free = last.iter().position(|end| x - end >= pitch - 1e-9);
        let lane = free.unwrap_or_else(|| {
            let longest_ago = last
                .iter()
                .enumerate()
                .min_by(|(_, a), (_, b)| a.total_cmp(b));
            longest_ago.map_or(0, |(lane, _)| lane)
        });
        last[lane] = x;
        out[i] = lanes[lane];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_do_not_overlap_while_there_is_room() {
        let xs: Vec<f64> = (0..60u32)
            .map(|i| f64::from((i * 37) % 101) * 4.0)
            .collect();
        let ys = swarm(&xs, 5.5, 30.0);
        for i in 0..xs.len() {
            for j in 0..i {
                let distance = (xs[i] - xs[j]).hypot(ys[i] - ys[j]);
                assert!(distance >= 11.0, "{i} and {j} are {distance} apart");
            }
        }
        assert_eq!(
            ys,
            swarm(&xs, 5.5, 30.0),
            "the same figures make the same picture"
        );
        assert!(
            swarm(&[10.0; 9], 5.5, 12.0)
                .iter()
                .all(|y| y.abs() <= 12.0 + 1e-9),
            "a full row overlaps rather than leaving its place"
        );
    }
}
