//! Review templates: one Markdown file with front matter each.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::postmortem::Severity;

/// A review template: what a new postmortem starts with and how its meeting runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Template {
    /// Slug, from the file's `id` or its name.
    pub id: String,
    /// Name.
    pub name: String,
    /// What it is for, in one sentence.
    pub description: String,
    /// Text sections in order.
    pub sections: Vec<TemplateSection>,
    /// Stages of the review meeting in order.
    pub stages: Vec<Stage>,
    /// Fields that a new postmortem starts with.
    pub defaults: TemplateDefaults,
}

/// A text section of a template.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct TemplateSection {
    /// Slug of the heading, or given.
    pub id: String,
    /// Heading.
    pub title: String,
    /// What to write here: shown in grey while the section is empty, never exported.
    pub prompt: String,
    /// Text that a new postmortem starts with.
    pub text: String,
}

/// A stage of the review meeting.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Stage {
    /// Slug.
    pub id: String,
    /// Name.
    pub name: String,
    /// Minutes of a meeting of 30, 60 and 90 minutes.
    pub minutes: [u32; 3],
    /// What the facilitator asks.
    pub prompts: Vec<String>,
    /// What is captured in it: `impact`, `timeline`, `findings`, `actions`, `parking` or nothing.
    pub captures: String,
}

/// Fields that a new postmortem of a template starts with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct TemplateDefaults {
    /// Severity.
    pub severity: Option<Severity>,
    /// Tags.
    pub tags: Vec<String>,
    /// Labels of impact facts to fill in.
    pub impact: Vec<String>,
}

/// Something wrong in a template's file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TemplateProblem {
    /// Line, from 1.
    pub line: u32,
    /// What is wrong and what would be right.
    pub message: String,
}
