//! The same page in Chromium, on `debrief serve`.

use crate::flows;
use crate::harness::Shell;

/// Runs flows in Chromium.
macro_rules! in_a_browser {
    ($($(#[$mark:meta])? $flow:ident),* $(,)?) => {
        $(
            #[tokio::test]
            $(#[$mark])?
            async fn $flow() {
                flows::$flow(Shell::Browser).await;
            }
        )*
    };
}

in_a_browser! {
    a_postmortem_is_written_by_keyboard_alone,
    a_review_is_held_by_keyboard_alone,
    what_was_called_saved_survives_a_kill,
    the_command_line_and_the_page_see_each_other,
    the_palette_finds_and_does,
    undo_takes_back_ones_own_edits,
    a_row_opens_its_own_postmortem,
    findings_are_put_in_order,
    a_picture_is_pasted_and_dropped,
    the_summary_of_a_period_is_made,
    a_post_for_customers_is_drafted_and_checked,
}
