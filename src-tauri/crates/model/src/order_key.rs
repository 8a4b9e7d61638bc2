//! Keys that rows are ordered by: a new key fits between any two others, so a row is moved by changing its own key alone.
//!
//! The same encoding as the npm package `fractional-indexing` (4.0.0), so that both ends can make keys: a head letter that
//! says how many digits the integer part has, these digits, then a fraction in base 62 without trailing zeros.
//! Every key made here ends in a few random digits, so that two people who insert at one place at the same time hardly
//! ever get equal keys.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SMALLEST_INTEGER: &str = "A00000000000000000000000000";

/// Keys longer than this are a sign to give the whole list new ones.
pub const LONG_KEY: usize = 48;

/// There is no key between the two, or one of them is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no order key between these two")]
pub struct NoKeyBetween;

/// The key between `a` and `b` (absent: the start, the end), without random digits: what `generateKeyBetween(a, b)` gives.
pub fn between(a: Option<&str>, b: Option<&str>) -> Result<String, NoKeyBetween> {
    for key in [a, b].into_iter().flatten() {
        check(key)?;
    }
    match (a, b) {
        (Some(a), Some(b)) if a >= b => Err(NoKeyBetween),
        (None, None) => Ok("a0".into()),
        (None, Some(b)) => {
            let (whole, fraction) = split(b)?;
            if whole == SMALLEST_INTEGER {
                return Ok(format!("{whole}{}", midpoint("", Some(fraction))));
            }
            if whole < b {
                return Ok(whole.into());
            }
            decrement(whole).ok_or(NoKeyBetween)
        }
        (Some(a), None) => {
            let (whole, fraction) = split(a)?;
            Ok(increment(whole).unwrap_or_else(|| format!("{whole}{}", midpoint(fraction, None))))
        }
        (Some(a), Some(b)) => {
            let (whole_a, fraction_a) = split(a)?;
            let (whole_b, fraction_b) = split(b)?;
            if whole_a == whole_b {
                return Ok(format!(
                    "{whole_a}{}",
                    midpoint(fraction_a, Some(fraction_b))
                ));
            }
            let next = increment(whole_a).ok_or(NoKeyBetween)?;
            if next.as_str() < b {
                return Ok(next);
            }
            Ok(format!("{whole_a}{}", midpoint(fraction_a, None)))
        }
    }
}

/// `count` keys in rising order between `a` and `b`, each with random digits from `random`.
pub fn between_many(
    a: Option<&str>,
    b: Option<&str>,
    count: usize,
    random: &mut dyn FnMut() -> u32,
) -> Result<Vec<String>, NoKeyBetween> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if count == 1 {
        return Ok(vec![with_random_digits(a, b, random)?]);
    }
    if b.is_none() {
        let mut keys: Vec<String> = Vec::with_capacity(count);
        for _ in 0..count {
            let last = keys.last().map(String::as_str).or(a);
            keys.push(with_random_digits(last, None, random)?);
        }
        return Ok(keys);
    }
    let half = count / 2;
    let middle = with_random_digits(a, b, random)?;
    let mut keys = between_many(a, Some(&middle), half, random)?;
    let after = between_many(Some(&middle), b, count - half - 1, random)?;
    keys.push(middle);
    keys.extend(after);
    Ok(keys)
}

/// A key between the two that ends in three random digits.
fn with_random_digits(
    a: Option<&str>,
    b: Option<&str>,
    random: &mut dyn FnMut() -> u32,
) -> Result<String, NoKeyBetween> {
    let mut key = between(a, b)?;
    // Digits may be added only to a key that the upper neighbour does not begin with.
    while b.is_some_and(|b| b.starts_with(&key)) {
        key = between(Some(&key), b)?;
    }
    for digit in 0..3 {
        // The last digit of a fraction is never a zero.
        let least = u32::from(digit == 2);
        key.push(char::from(
            DIGITS[(least + random() % (62 - least)) as usize],
        ));
    }
    Ok(key)
}

/// Whether this is a key that others can be placed beside.
pub fn is_key(key: &str) -> bool {
    check(key).is_ok()
}

fn check(key: &str) -> Result<(), NoKeyBetween> {
    if key == SMALLEST_INTEGER || !key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(NoKeyBetween);
    }
    let (_, fraction) = split(key)?;
    if fraction.ends_with('0') {
        Err(NoKeyBetween)
    } else {
        Ok(())
    }
}

/// Integer part and fraction.
fn split(key: &str) -> Result<(&str, &str), NoKeyBetween> {
    let length = match key.bytes().next() {
        Some(head @ b'a'..=b'z') => usize::from(head - b'a') + 2,
        Some(head @ b'A'..=b'Z') => usize::from(b'Z' - head) + 2,
        _ => return Err(NoKeyBetween),
    };
    key.split_at_checked(length).ok_or(NoKeyBetween)
}

fn digit(byte: u8) -> usize {
    DIGITS.iter().position(|digit| *digit == byte).unwrap_or(0)
}

/// A fraction strictly between two; `None` is one.
fn midpoint(a: &str, b: Option<&str>) -> String {
    let (a, b) = (a.as_bytes(), b.map(str::as_bytes));
    let mut made = String::new();
    if let Some(b) = b {
        let mut common = 0;
        while common < b.len() && a.get(common).copied().unwrap_or(b'0') == b[common] {
            common += 1;
        }
        if common > 0 {
            made.extend(b[..common].iter().map(|byte| char::from(*byte)));
            let rest_a =
                std::str::from_utf8(a.get(common..).unwrap_or_default()).unwrap_or_default();
            let rest_b = std::str::from_utf8(&b[common..]).unwrap_or_default();
            return made + &midpoint(rest_a, Some(rest_b));
        }
    }
    let low = a.first().map_or(0, |byte| digit(*byte));
    let high = b.and_then(|b| b.first()).map_or(62, |byte| digit(*byte));
    if high > low + 1 {
        // Round half up, as JavaScript's Math.round does.
        made.push(char::from(DIGITS[(low + high).div_ceil(2)]));
        return made;
    }
    if let Some(b) = b.filter(|b| b.len() > 1) {
        made.push(char::from(b[0]));
        return made;
    }
    made.push(char::from(DIGITS[low]));
    let rest = std::str::from_utf8(a.get(1..).unwrap_or_default()).unwrap_or_default();
    made + &midpoint(rest, None)
}

fn increment(whole: &str) -> Option<String> {
    let mut bytes = whole.as_bytes().to_vec();
    let mut at = bytes.len();
    while at > 1 {
        at -= 1;
        let next = digit(bytes[at]) + 1;
        if next < DIGITS.len() {
            bytes[at] = DIGITS[next];
            return String::from_utf8(bytes).ok();
        }
        bytes[at] = b'0';
    }
    match bytes[0] {
        b'Z' => Some("a0".into()),
        b'z' => None,
        head => {
            bytes[0] = head + 1;
            if bytes[0] > b'a' {
                bytes.push(b'0');
            } else {
                bytes.pop();
            }
            String::from_utf8(bytes).ok()
        }
    }
}

fn decrement(whole: &str) -> Option<String> {
    let mut bytes = whole.as_bytes().to_vec();
    let mut at = bytes.len();
    while at > 1 {
        at -= 1;
        let value = digit(bytes[at]);
        if value > 0 {
            bytes[at] = DIGITS[value - 1];
            return String::from_utf8(bytes).ok();
        }
        bytes[at] = b'z';
    }
    match bytes[0] {
        b'a' => Some("Zz".into()),
        b'A' => None,
        head => {
            bytes[0] = head - 1;
            if bytes[0] < b'Z' {
                bytes.push(b'z');
            } else {
                bytes.pop();
            }
            String::from_utf8(bytes).ok()
        }
    }
}
