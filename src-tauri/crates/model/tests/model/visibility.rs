//! Who may see what.

use model::postmortem::Visibility::{Company, Customers, Room};
use model::visibility::{Audience, may_see};

#[test]
fn each_audience_sees_what_is_meant_for_it() {
    let table = [
        (Audience::Company, [false, true, true]),
        (Audience::Executives, [false, true, true]),
        (Audience::Customers, [false, false, true]),
    ];
    for (audience, expected) in table {
        for (visibility, expected) in [Room, Company, Customers].into_iter().zip(expected) {
            assert_eq!(
                may_see(audience, visibility),
                expected,
                "{audience:?} and what is marked {visibility:?}: the room's own stays in the room, customers see their own alone"
            );
        }
    }
    assert_eq!(
        Audience::default(),
        Audience::Company,
        "who does not say otherwise writes for the company, not for customers"
    );
}
