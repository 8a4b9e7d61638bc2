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
/// Bytes that a template's file may have.
pub const MAX_TEMPLATE: usize = 256 * 1024;
/// Bytes that its front matter may have.
const MAX_FRONT_MATTER: usize = 64 * 1024;
/// Sections, stages, and entries of any list that a template may have.
const MAX_ENTRIES: usize = 100;
/// Brackets that its front matter may open within each other.
const MAX_DEPTH: usize = 8;

/// Reads a template's file: YAML front matter, then `## Heading` sections (docs/templates.md). All problems that were
/// found are returned, each with its line; reading takes time linear in the file.
pub fn parse(source: &str) -> Result<Template, Vec<TemplateProblem>> {
    if source.len() > MAX_TEMPLATE {
        return Err(vec![problem(
            1,
            "The file is larger than 256 kB. A template is a short text.",
        )]);
    }
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let lines: Vec<&str> = source.lines().collect();
    if lines.first().is_none_or(|line| line.trim_end() != "---") {
        let message =
            "A template begins with front matter: a line ---, its fields, and a line --- again.";
        return Err(vec![problem(1, message)]);
    }
    let Some(end) = lines
        .iter()
        .skip(1)
        .position(|line| line.trim_end() == "---")
        .map(|at| at + 1)
    else {
        return Err(vec![problem(
            1,
            "The front matter has no end. Close it with a line ---.",
        )]);
    };
    let mut problems = Vec::new();
    let front = read_front_matter(&lines[1..end], &mut problems);
    let sections = read_sections(&lines, end + 1, &mut problems);
    let template = front.map(|front| front.into_template(sections, &lines[..end], &mut problems));
    match template {
        Some(template) if problems.is_empty() => Ok(template),
        _ => {
            problems.sort_by_key(|problem| problem.line);
            Err(problems)
        }
    }
}

/// A name as an id: lower-case letters and digits, with hyphens between words.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= 64 {
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}

fn problem(line: usize, message: impl Into<String>) -> TemplateProblem {
    TemplateProblem {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        message: message.into(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    id: Option<String>,
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    defaults: DefaultsEntry,
    #[serde(default)]
    stages: Vec<StageEntry>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct DefaultsEntry {
    severity: Option<Severity>,
    tags: Vec<String>,
    impact: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StageEntry {
    id: Option<String>,
    name: String,
    minutes: Minutes,
    #[serde(default)]
    captures: String,
    #[serde(default)]
    prompts: Vec<String>,
}

/// One number for every length of meeting, or three: for 30, 60 and 90 minutes.
struct Minutes([u32; 3]);

impl<'de> Deserialize<'de> for Minutes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> serde::de::Visitor<'de> for Reader {
            type Value = Minutes;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(
                    "one number of minutes, or three for meetings of 30, 60 and 90 minutes",
                )
            }
            fn visit_u64<E: serde::de::Error>(self, minutes: u64) -> Result<Minutes, E> {
                match u32::try_from(minutes) {
                    Ok(minutes) => Ok(Minutes([minutes; 3])),
                    Err(_) => Err(E::invalid_value(
                        serde::de::Unexpected::Unsigned(minutes),
                        &self,
                    )),
                }
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut list: A,
            ) -> Result<Minutes, A::Error> {
                let mut minutes = [0u32; 3];
                for (at, value) in minutes.iter_mut().enumerate() {
                    *value = list
                        .next_element()?
                        .ok_or_else(|| serde::de::Error::invalid_length(at, &self))?;
                }
                if list.next_element::<serde::de::IgnoredAny>()?.is_some() {
                    return Err(serde::de::Error::invalid_length(4, &self));
                }
                Ok(Minutes(minutes))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// `lines` are those between the two `---`; the first of them is line 2 of the file.
fn read_front_matter(lines: &[&str], problems: &mut Vec<TemplateProblem>) -> Option<FrontMatter> {
    if lines.iter().map(|line| line.len() + 1).sum::<usize>() > MAX_FRONT_MATTER {
        problems.push(problem(
            2,
            "The front matter is larger than 64 kB. Long texts belong into the sections.",
        ));
        return None;
    }
    if let Some(refused) = refuse_references(lines) {
        problems.push(refused);
        return None;
    }
    match serde_yaml_ng::from_str(&lines.join("\n")) {
        Ok(front) => Some(front),
        Err(error) => {
            let text = error.to_string();
            // The position is told apart, as a line of the file; the parser's own counts from the front matter.
            let message = text.split(" at line ").next().unwrap_or(&text);
            let line = second_of(message, lines).unwrap_or_else(|| {
                error
                    .location()
                    .map_or(2, |location| location.line() + 1)
                    .clamp(2, lines.len() + 2)
            });
            problems.push(problem(
                line,
                format!("The front matter cannot be read: {message}."),
            ));
            None
        }
    }
}

/// Where a key that stands there twice stands for the second time: the parser tells of the first.
fn second_of(message: &str, lines: &[&str]) -> Option<usize> {
    let key = message
        .strip_prefix("duplicate field `")?
        .trim_end_matches('`');
    let is_key = |line: &str| {
        let rest = line.strip_prefix(key);
        rest.is_some_and(|rest| rest.trim_start().starts_with(':'))
    };
    let (at, _) = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| is_key(line))
        .nth(1)?;
    Some(at + 2)
}

/// Finds anchors and aliases (a few lines of which can stand for billions of values) and values nested too deep.
fn refuse_references(lines: &[&str]) -> Option<TemplateProblem> {
    let mut block: Option<usize> = None;
    let mut depth = 0usize;
    for (at, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        if let Some(parent) = block {
            if line.trim().is_empty() || indent > parent {
                continue;
            }
            block = None;
        }
        let mut quote: Option<char> = None;
        let mut before = ' ';
        let mut previous = ' ';
        let mut letters = line.chars().peekable();
        while let Some(letter) = letters.next() {
            match quote {
                Some(mark) if letter == mark && previous != '\\' => quote = None,
                Some(_) => {}
                None => {
                    let starts_value = matches!(before, ' ' | ':' | '-' | '[' | ',' | '{');
                    match letter {
                        '#' if previous == ' ' => break,
                        '"' | '\'' if starts_value && !previous.is_alphanumeric() => {
                            quote = Some(letter)
                        }
                        '&' | '*' | '!'
                            if starts_value
                                && matches!(previous, ' ' | '[' | '{' | ',')
                                && letters.peek().is_some_and(|next| !next.is_whitespace()) =>
                        {
                            let message = "The front matter may not use anchors (&), aliases (*) or tags (!). Put such a text in quotes.";
                            return Some(problem(at + 2, message));
                        }
                        '[' | '{' if starts_value => depth += 1,
                        ']' | '}' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    if depth > MAX_DEPTH {
                        return Some(problem(at + 2, "The front matter is nested too deep."));
                    }
                }
            }
            if !letter.is_whitespace() {
                before = letter;
            }
            previous = letter;
        }
        let code = line.split(" #").next().unwrap_or(line).trim_end();
        let last = code.rsplit(' ').next().unwrap_or_default();
        if matches!(last, "|" | ">" | "|-" | ">-" | "|+" | ">+") {
            block = Some(indent);
        }
    }
    None
}

impl FrontMatter {
    fn into_template(
        self,
        sections: Vec<TemplateSection>,
        front: &[&str],
        problems: &mut Vec<TemplateProblem>,
    ) -> Template {
        let line_of = |key: &str| {
            front
                .iter()
                .position(|line| line.starts_with(key))
                .map_or(2, |at| at + 1)
        };
        let name = self.name.trim().to_owned();
        if name.is_empty() {
            problems.push(problem(line_of("name:"), "The name is empty."));
        }
        let id = self
            .id
            .map_or_else(|| slug(&name), |id| id.trim().to_owned());
        if !name.is_empty() && slug(&id) != id || id.is_empty() && !name.is_empty() {
            let message = "The id must be made of lower-case letters, digits and single hyphens, such as short-review.";
            problems.push(problem(line_of("id:"), message));
        }
        let mut stages: Vec<Stage> = Vec::new();
        let stage_lines: Vec<usize> = stage_lines(front);
        if self.stages.len() > MAX_ENTRIES {
            problems.push(problem(
                line_of("stages:"),
                "A template has at most 100 stages.",
            ));
        }
        for (at, entry) in self.stages.into_iter().take(MAX_ENTRIES).enumerate() {
            let line = stage_lines
                .get(at)
                .copied()
                .unwrap_or_else(|| line_of("stages:"));
            let stage = entry.into_stage(line, problems);
            if stages.iter().any(|other| other.id == stage.id) {
                problems.push(problem(
                    line,
                    format!("Two stages have the id {}. Give one another id.", stage.id),
                ));
            }
            stages.push(stage);
        }
        let words = |words: Vec<String>| -> Vec<String> {
            let kept = words
                .into_iter()
                .map(|word| word.trim().to_owned())
                .filter(|word| !word.is_empty());
            kept.take(MAX_ENTRIES).collect()
        };
        let defaults = TemplateDefaults {
            severity: self.defaults.severity,
            tags: words(self.defaults.tags),
            impact: words(self.defaults.impact),
        };
        Template {
            id,
            name,
            description: self.description.trim().to_owned(),
            sections,
            stages,
            defaults,
        }
    }
}

/// Lines on which the entries of `stages` begin, from 1.
fn stage_lines(front: &[&str]) -> Vec<usize> {
    let Some(start) = front.iter().position(|line| line.starts_with("stages:")) else {
        return Vec::new();
    };
    let dash = |line: &&str| {
        line.trim_start()
            .starts_with("- ")
            .then(|| line.len() - line.trim_start().len())
    };
    let Some(indent) = front.iter().skip(start + 1).find_map(&dash) else {
        return Vec::new();
    };
    let entries = front
        .iter()
        .enumerate()
        .skip(start + 1)
        .filter(|(_, line)| dash(line) == Some(indent));
    entries.map(|(at, _)| at + 1).collect()
}

impl StageEntry {
    fn into_stage(self, line: usize, problems: &mut Vec<TemplateProblem>) -> Stage {
        let name = self.name.trim().to_owned();
        if name.is_empty() {
            problems.push(problem(line, "A stage has no name."));
        }
        if self.minutes.0.iter().any(|minutes| *minutes > 480) {
            problems.push(problem(
                line,
                format!("The stage {name} is longer than 480 minutes."),
            ));
        }
        let captures = self.captures.trim().to_owned();
        if !["", "impact", "timeline", "findings", "actions", "parking"]
            .contains(&captures.as_str())
        {
            let message = format!(
                "The stage {name} captures “{captures}”. It can capture impact, timeline, findings, actions, parking, or nothing."
            );
            problems.push(problem(line, message));
        }
        let prompts = self
            .prompts
            .into_iter()
            .map(|prompt| prompt.trim().to_owned());
        Stage {
            id: self.id.map_or_else(|| slug(&name), |id| slug(&id)),
            name,
            minutes: self.minutes.0,
            prompts: prompts
                .filter(|prompt| !prompt.is_empty())
                .take(MAX_ENTRIES)
                .collect(),
            captures,
        }
    }
}

/// Reads the sections from line `start` (an index) on.
fn read_sections(
    lines: &[&str],
    start: usize,
    problems: &mut Vec<TemplateProblem>,
) -> Vec<TemplateSection> {
    let mut sections: Vec<TemplateSection> = Vec::new();
    // What is open, with the line (an index) that opened it.
    let mut fence: Option<(String, usize)> = None;
    let mut comment: Option<usize> = None;
    let mut said = false;
    // The heading's line (an index) and those that follow it, per section.
    let mut bodies: Vec<(usize, usize)> = Vec::new();
    for (at, line) in lines.iter().enumerate().skip(start) {
        let trimmed = line.trim_start();
        if let Some((mark, _)) = &fence {
            if trimmed.starts_with(mark.as_str())
                && trimmed
                    .trim_end()
                    .chars()
                    .all(|letter| mark.starts_with(letter))
            {
                fence = None;
            }
            continue;
        }
        if comment.is_some() {
            if line.contains("-->") {
                comment = None;
            }
            continue;
        }
        if let Some(heading) = line.strip_prefix("## ") {
            if let Some(last) = bodies.last_mut() {
                last.1 = at;
            }
            bodies.push((at, lines.len()));
            sections.push(heading_of(heading, at + 1, &sections, problems));
        } else if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            let mark: String = trimmed
                .chars()
                .take_while(|letter| trimmed.starts_with(*letter))
                .collect();
            fence = Some((mark, at));
        } else if let Some(inside) = trimmed.strip_prefix("<!--") {
            comment = (!inside.contains("-->")).then_some(at);
        } else if bodies.is_empty() && !line.trim().is_empty() && !said {
            said = true;
            let message =
                "Text stands before the first section. Begin it with a heading: ## Summary.";
            problems.push(problem(at + 1, message));
        }
    }
    if let Some((mark, at)) = &fence {
        let message = format!(
            "This code block has no end, so what follows is taken for code. Close it with {mark}."
        );
        problems.push(problem(at + 1, message));
    }
    if let Some(at) = comment {
        let message = "This comment has no end, so what follows is hidden. Close it with -->.";
        problems.push(problem(at + 1, message));
    }
    if sections.is_empty() {
        problems.push(problem(
            lines.len(),
            "The template has no sections. Add at least one heading: ## Summary.",
        ));
    }
    if sections.len() > MAX_ENTRIES {
        problems.push(problem(lines.len(), "A template has at most 100 sections."));
    }
    for (section, (from, to)) in sections.iter_mut().zip(bodies) {
        let body = lines.get(from + 1..to).unwrap_or_default().join("\n");
        let body = body.trim();
        let Some(comment) = body.strip_prefix("<!--") else {
            body.clone_into(&mut section.text);
            continue;
        };
        // One without an end has been told already.
        if let Some((prompt, text)) = comment.split_once("-->") {
            prompt.trim().clone_into(&mut section.prompt);
            text.trim().clone_into(&mut section.text);
        }
    }
    sections
}

fn heading_of(
    heading: &str,
    line: usize,
    others: &[TemplateSection],
    problems: &mut Vec<TemplateProblem>,
) -> TemplateSection {
    let heading = heading.trim();
    let (title, id) = match heading
        .strip_suffix('}')
        .and_then(|start| start.rsplit_once("{#"))
    {
        Some((title, id)) => (title.trim(), slug(id)),
        None => (heading, slug(heading)),
    };
    if title.is_empty() || id.is_empty() {
        problems.push(problem(line, "A heading needs words: ## Summary."));
    } else if others.iter().any(|other| other.id == id) {
        let message =
            format!("Two sections have the id {id}. Give one another: ## {title} {{#another-id}}.");
        problems.push(problem(line, message));
    }
    TemplateSection {
        id,
        title: title.to_owned(),
        ..TemplateSection::default()
    }
}
