//! The review templates that come with Debrief. docs/templates.md describes their file format; `model` reads it.

/// Id and file of every built-in template; the first is the default of a new workspace.
pub fn builtin() -> &'static [(&'static str, &'static str)] {
    &[
        (
            "post-incident-review",
            include_str!("../templates/post-incident-review.md"),
        ),
        (
            "sre-postmortem",
            include_str!("../templates/sre-postmortem.md"),
        ),
        (
            "learning-review",
            include_str!("../templates/learning-review.md"),
        ),
        ("short-review", include_str!("../templates/short-review.md")),
    ]
}
