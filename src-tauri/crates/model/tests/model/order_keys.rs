//! Order keys, beside what the npm package gives (tests/fixtures/order-keys.json, made with fractional-indexing 4.0.0).

use model::order_key::{LONG_KEY, between, between_many, is_key};
use proptest::prelude::*;

#[test]
fn keys_are_those_of_the_npm_package() {
    let golden: Vec<(Option<String>, Option<String>, Option<String>)> =
        serde_json::from_str(include_str!("../fixtures/order-keys.json")).unwrap();
    for (a, b, expected) in golden {
        let made = between(a.as_deref(), b.as_deref()).ok();
        assert_eq!(
            made, expected,
            "the key between {a:?} and {b:?} must be the one that the UI would make"
        );
    }
}

#[test]
fn only_keys_are_taken_for_keys() {
    for text in [
        "",
        "a",
        "a00",
        "0",
        "é0",
        "A00000000000000000000000000",
        "b1",
        "a0 1",
    ] {
        assert!(
            !is_key(text),
            "“{text}” is no key, and nothing can be placed beside it"
        );
    }
    assert!(
        is_key("a0") && is_key("a05xQ") && is_key("Zz1"),
        "these are keys"
    );
    assert!(
        between(Some("a1"), Some("a0")).is_err(),
        "there is nothing between keys in the wrong order"
    );
}

proptest! {
    #[test]
    fn any_number_of_keys_fits_anywhere(places in proptest::collection::vec((any::<u16>(), 1usize..6), 1..40), seed in any::<u32>()) {
        let mut state = seed;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 8
        };
        let mut keys: Vec<String> = Vec::new();
        for (place, count) in places {
            let at = usize::from(place) % (keys.len() + 1);
            let left = at.checked_sub(1).and_then(|at| keys.get(at)).cloned();
            let right = keys.get(at).cloned();
            let made = between_many(left.as_deref(), right.as_deref(), count, &mut random).unwrap();
            prop_assert_eq!(made.len(), count, "as many keys as asked for");
            keys.splice(at..at, made);
            prop_assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "keys must rise: {:?}", keys);
            prop_assert!(keys.iter().all(|key| is_key(key)), "every key must be one that others can be placed beside");
        }
        let longest = keys.iter().map(String::len).max().unwrap_or(0);
        prop_assert!(longest <= 4 * LONG_KEY, "keys grow slowly: {longest}");
    }
}
