//! Template files.

use model::postmortem::Severity;
use model::template::{MAX_TEMPLATE, Template, parse, slug};
use proptest::prelude::*;

const GOOD: &str = "---
name: Short review
description: For small incidents.
defaults:
  severity: SEV3
  tags: [small]
  impact: [\"Support requests\"]
stages:
  - name: Timeline
    minutes: [10, 20, 30]
    captures: timeline
    prompts:
      - \"What did you see? # not a comment\"
      - What made that the sensible choice?
  - id: end
    name: Wrap-up
    minutes: 5
---

## Summary
<!-- What happened,
in three sentences. -->

## What helped {#helped}

- one

```
## not a heading
```

<!-- a comment -->

## Open questions
";

fn problems(source: &str) -> Vec<(u32, String)> {
    match parse(source) {
        Ok(template) => panic!("this must not be a template: {template:?}"),
        Err(problems) => problems
            .into_iter()
            .map(|problem| (problem.line, problem.message))
            .collect(),
    }
}

fn good() -> Template {
    parse(GOOD).unwrap_or_else(|problems| panic!("a good template must be read: {problems:?}"))
}

#[test]
fn a_good_template_is_read() {
    let template = good();
    assert_eq!(
        (template.id.as_str(), template.name.as_str()),
        ("short-review", "Short review"),
        "the id comes from the name"
    );
    assert_eq!(
        template.defaults.severity,
        Some(Severity::Sev3),
        "defaults are read"
    );
    assert_eq!(
        template.stages[0].minutes,
        [10, 20, 30],
        "three numbers are for three lengths of meeting"
    );
    assert_eq!(
        template.stages[1].minutes,
        [5, 5, 5],
        "one number is for all"
    );
    assert_eq!(
        (
            template.stages[0].id.as_str(),
            template.stages[1].id.as_str()
        ),
        ("timeline", "end"),
        "ids are given or made"
    );
    assert_eq!(
        template.stages[0].prompts[0], "What did you see? # not a comment",
        "quotes keep everything"
    );
    let sections: Vec<(&str, &str)> = template
        .sections
        .iter()
        .map(|section| (section.id.as_str(), section.title.as_str()))
        .collect();
    let expected = [
        ("summary", "Summary"),
        ("helped", "What helped"),
        ("open-questions", "Open questions"),
    ];
    assert_eq!(
        sections, expected,
        "headings are sections, but not in a code block"
    );
    assert_eq!(
        template.sections[0].prompt, "What happened,\nin three sentences.",
        "the first comment is the prompt"
    );
    assert_eq!(template.sections[0].text, "", "and not part of the text");
    assert!(
        template.sections[1].text.contains("## not a heading"),
        "the rest is the text to start with"
    );
    assert!(
        template.sections[1].text.contains("<!-- a comment -->"),
        "other comments stay in it"
    );
}

#[test]
fn windows_files_are_read() {
    let windows = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
    assert_eq!(
        parse(&windows).unwrap(),
        good(),
        "line ends and a byte order mark do not matter"
    );
}

#[test]
fn problems_say_the_line() {
    for (source, line, part) in [
        ("", 1, "begins with front matter"),
        ("# A heading\n", 1, "begins with front matter"),
        ("---\nname: X\n", 1, "has no end"),
        ("---\nname: X\n---\n", 3, "no sections"),
        ("---\nname: ''\n---\n## A\n", 2, "name is empty"),
        ("---\ndescription: x\n---\n## A\n", 2, "name"),
        ("---\nname: X\ncolour: red\n---\n## A\n", 3, "colour"),
        (
            "---\nname: X\ndefaults:\n  severity: SEV9\n---\n## A\n",
            4,
            "SEV9",
        ),
        (
            "---\nname: X\nstages:\n  - name: A\n    minutes: long\n---\n## A\n",
            5,
            "minutes",
        ),
        (
            "---\nname: X\nstages:\n  - name: A\n    minutes: [1, 2]\n---\n## A\n",
            5,
            "30, 60 and 90",
        ),
        (
            "---\nname: X\nstages:\n  - name: A\n    minutes: 5\n    captures: gold\n---\n## A\n",
            4,
            "gold",
        ),
        (
            "---\nname: X\nstages:\n  - name: A\n    minutes: 5\n  - name: a\n    minutes: 5\n---\n## A\n",
            6,
            "Two stages",
        ),
        (
            "---\nname: X\nstages:\n  - name: A\n    minutes: 100000\n---\n## A\n",
            4,
            "longer than 480",
        ),
        (
            "---\nname: X\n---\nhello\n## A\n",
            4,
            "before the first section",
        ),
        ("---\nname: X\n---\n## A\n## A\n", 5, "Two sections"),
        ("---\nname: X\n---\n## A\n<!-- open\n", 5, "no end"),
        ("---\nname: X\nid: Not An Id\n---\n## A\n", 3, "id must be"),
        (
            "---\nstages:\n  - id: fine\n    name: A\n    minutes: 5\nname: X\nid: Not An Id\n---\n## A\n",
            7,
            "id must be",
        ),
        (
            "---\nname: X\ndescription: a\n\n\nname: Y\n---\n## A\n",
            6,
            "duplicate",
        ),
        (
            "---\nname: X\n---\n## A\ntext\n\n<!-- open\n\n## B\n",
            7,
            "comment has no end",
        ),
        (
            "---\nname: X\n---\n## A\ntext\n\n~~~sh\n\n## B\n",
            7,
            "Close it with ~~~",
        ),
        ("---\nname: [\n---\n## A\n", 2, "cannot be read"),
        (
            "---\nname: &a X\ndescription: *a\n---\n## A\n",
            2,
            "anchors",
        ),
        ("---\nname: !!binary X\n---\n## A\n", 2, "tags"),
    ] {
        let found = problems(source);
        assert!(
            found
                .iter()
                .any(|(at, message)| at.abs_diff(line) <= 1 && message.contains(part)),
            "{source:?} must be told “{part}” at line {line}, not {found:?}"
        );
    }
}

#[test]
fn all_problems_are_told_at_once() {
    let found = problems(
        "---\nname: ''\nstages:\n  - name: A\n    minutes: 5\n    captures: x\n---\nhello\n## A\n## A\n",
    );
    assert!(
        found.len() >= 4,
        "one reading should find everything: {found:?}"
    );
    assert!(
        found.windows(2).all(|pair| pair[0].0 <= pair[1].0),
        "in the order of the file"
    );
}

#[test]
fn bombs_are_refused_at_once() {
    let begin = std::time::Instant::now();
    let laughs =
        "---\nname: X\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n---\n## A\n";
    assert!(
        problems(laughs)[0].1.contains("anchors"),
        "a few lines must not stand for billions of values"
    );
    let deep = format!("---\nname: {}\n---\n## A\n", "[".repeat(30_000));
    assert!(
        problems(&deep)[0].1.contains("nested"),
        "deep values are refused"
    );
    let deep = format!("---\nname: {}\n---\n## A\n", "{a: ".repeat(10_000));
    assert!(
        problems(&deep)[0].1.contains("nested"),
        "deep values are refused"
    );
    let dashes = format!("---\nname:\n{}x\n---\n## A\n", "- ".repeat(15_000));
    assert!(
        !problems(&dashes).is_empty(),
        "nested lists of dashes are refused too"
    );
    let wide = format!(
        "---\nname: X\ndescription: {}\n---\n## A\n",
        "x".repeat(100_000)
    );
    assert!(
        problems(&wide)[0].1.contains("64 kB"),
        "front matter is short"
    );
    let large = format!("---\nname: X\n---\n## A\n{}", "x".repeat(MAX_TEMPLATE));
    assert!(
        problems(&large)[0].1.contains("256 kB"),
        "templates are short texts"
    );
    let headings = format!(
        "---\nname: X\n---\n{}",
        (0..5_000)
            .map(|at| format!("## {at}\n"))
            .collect::<String>()
    );
    assert!(
        problems(&headings)
            .iter()
            .any(|(_, message)| message.contains("at most 100")),
        "sections are counted"
    );
    assert!(
        begin.elapsed().as_secs() < 10,
        "none of it may take long: {:?}",
        begin.elapsed()
    );
}

#[test]
fn names_become_ids() {
    assert_eq!(
        slug("What does it look like, when…?"),
        "what-does-it-look-like-when",
        "words joined by hyphens"
    );
    assert_eq!(
        slug("Überblick 2"),
        "überblick-2",
        "letters of any language stay"
    );
    assert_eq!(slug("--"), "", "nothing comes of nothing");
}

proptest! {
    #[test]
    fn no_file_panics(source in "(---\n)?(name: [a-z&*!{\\[]{0,9}\n)?((- |  |[a-z]+: |#|\"|'|\\||>|\n|---\n|## |<!--|-->|```|é|\\{#a\\}){0,40})") {
        let _ = parse(&source);
    }

    #[test]
    fn changed_files_are_read_or_refused(at in 0usize..GOOD.len(), piece in "\\PC{0,4}") {
        let at = GOOD.floor_char_boundary(at);
        let source = format!("{}{}{}", &GOOD[..at], piece, &GOOD[at..]);
        if let Err(problems) = parse(&source) {
            prop_assert!(problems.iter().all(|problem| problem.line >= 1 && !problem.message.is_empty()), "a problem says where and what");
            prop_assert!(!problems.is_empty(), "a refusal says why");
        }
    }
}
