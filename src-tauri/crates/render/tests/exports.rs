//! Every format over the example: the expected files lie in `tests/expected`; `UPDATE_EXPECT=1` writes them anew.

use std::path::Path;

use chrono::{DateTime, Utc};
use model::derived::derive;
use model::directory::{Person, Service};
use model::postmortem::{ActionStatus, Image, Postmortem, Status, Verified, Visibility};
use render::{Export, ExportTemplates, FORMATS, POST_FORMATS, Picture, Rendered};

fn now() -> DateTime<Utc> {
    "2026-11-16T10:00:00Z".parse().expect("a constant")
}

fn one_pixel(_hash: &str) -> Option<Picture> {
    // The smallest GIF there is.
    let bytes = b"GIF89a\x01\0\x01\0\0\0\0;".to_vec();
    Some(Picture {
        mime: "image/gif".into(),
        bytes,
    })
}

fn export(format: &str, p: &Postmortem, people: &[Person], services: &[Service]) -> Rendered {
    let name = |id: &String| {
        people
            .iter()
            .find(|person| person.id == *id)
            .map(|person| person.name.clone())
    };
    let derived = derive(p, &name);
    let stem = render::file_name(p, &derived, "UTC");
    let input = Export {
        templates: ExportTemplates::default(),
        roles: false,
        published: false,
        postmortem: p,
        derived: &derived,
        people,
        services,
        images: &one_pixel,
        now: now(),
        zone: "UTC",
        name: &stem,
    };
    (render::format(format).expect("listed").render)(&input).expect("built-in templates work")
}

fn expect(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/expected")
        .join(file);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        std::fs::write(&path, text).expect("the expected file can be written");
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if expected != text {
        let line = expected
            .lines()
            .zip(text.lines())
            .position(|(a, b)| a != b)
            .map_or(0, |n| n + 1);
        let at = |t: &str| {
            t.lines()
                .nth(line.saturating_sub(1))
                .unwrap_or_default()
                .to_owned()
        };
        panic!(
            "{file} differs from what was expected in line {line}; if that is meant, run with UPDATE_EXPECT=1\nexpected: {}\nnow:      {}",
            at(&expected),
            at(text)
        );
    }
}

#[test]
fn the_example_in_every_format() {
    let (p, people, services) = model::demo::login_outage(now());
    for format in FORMATS.iter().filter(|format| !format.on_paper) {
        let rendered = export(format.id, &p, &people, &services);
        assert!(
            rendered.text.ends_with('\n'),
            "{}: a text file ends with a line break",
            format.id
        );
        expect(
            &format!("login-outage.{}", format.extension),
            &rendered.text,
        );
    }
}

#[test]
fn the_post_for_customers_in_every_format() {
    let (p, people, services) = model::demo::login_outage(now());
    for format in POST_FORMATS.iter().filter(|format| !format.on_paper) {
        let rendered = export(format.id, &p, &people, &services);
        expect(
            &format!("login-outage.{}.{}", format.id, format.extension),
            &rendered.text,
        );
        for person in &people {
            assert!(
                !rendered.text.contains(&person.short_name),
                "{}: {} is nobody's business outside",
                format.id,
                person.name
            );
        }
    }
    let json = export("post-json", &p, &people, &services).text;
    let request: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    let body = request["postmortem"]["body_draft"]
        .as_str()
        .expect("the body is a text");
    let headings: Vec<&str> = body
        .lines()
        .filter(|line| line.starts_with("## "))
        .collect();
    assert_eq!(
        headings,
        ["## Summary", "## What happened", "## What we are doing"],
        "the three headings of a status page's postmortem"
    );
}

#[test]
fn texts_for_customers_are_not_on_the_postmortem_s_page() {
    let (mut p, people, services) = model::demo::login_outage(now());
    let page = export("html", &p, &people, &services).text;
    model::customer_post::begin(&mut p, &people, &services);
    assert_eq!(
        export("html", &p, &people, &services).text,
        page,
        "the page is the review's own"
    );
    if let Some(section) = p.sections.last_mut() {
        section.text = "We <script>alert(1)</script> **promise** `nothing`.".into();
    }
    for format in POST_FORMATS.iter().filter(|format| !format.on_paper) {
        let text = export(format.id, &p, &people, &services).text;
        assert!(
            text.contains("promise"),
            "{}: edited texts are the post's",
            format.id
        );
    }
    let html = export("post-html", &p, &people, &services).text;
    assert!(!html.contains("<script"), "no text becomes a script");
    let txt = export("post-txt", &p, &people, &services).text;
    assert!(
        txt.contains("promise nothing."),
        "plain text has no marks: {txt}"
    );
    if let Some(section) = p.sections.last_mut() {
        section.text = format!("{} deep", ">".repeat(50_000));
    }
    for format in POST_FORMATS.iter().filter(|format| !format.on_paper) {
        let text = export(format.id, &p, &people, &services).text;
        assert!(text.contains("deep"), "{}: deep quotes end well", format.id);
    }
    let markdown = export("md", &p, &people, &services).text;
    assert!(
        markdown.contains("## For customers: Summary"),
        "what imports back keeps them"
    );
}

#[test]
fn a_postmortem_with_nothing_in_it_is_still_a_document() {
    for format in FORMATS
        .iter()
        .chain(POST_FORMATS)
        .filter(|format| !format.on_paper)
    {
        let rendered = export(
            format.id,
            &Postmortem {
                schema: 1,
                ..Postmortem::default()
            },
            &[],
            &[],
        );
        let name = match format.id.starts_with("post-") {
            true => format!("empty.{}.{}", format.id, format.extension),
            false => format!("empty.{}", format.extension),
        };
        expect(&name, &rendered.text);
    }
}

#[test]
fn images_lie_beside_markdown_and_inside_the_others() {
    let (mut p, people, services) = model::demo::login_outage(now());
    let hash = "ab".repeat(32);
    p.timeline[3].image = Some(Image {
        hash: hash.clone(),
        alt: "A \"graph\" <of> | errors".into(),
    });
    let md = export("md", &p, &people, &services);
    assert_eq!(md.assets.len(), 1, "the image is a file of its own");
    assert!(
        md.assets[0].path.ends_with(&format!("-images/{hash}.gif")),
        "named by its hash: {}",
        md.assets[0].path
    );
    assert!(
        md.text.contains(&format!("]({})", md.assets[0].path)),
        "and the text refers to it"
    );
    let html = export("html", &p, &people, &services);
    assert!(
        html.assets.is_empty() && html.text.contains("src=\"data:image/gif;base64,R0lGOD"),
        "a page carries its images"
    );
    assert!(
        html.text
            .contains("alt=\"A &quot;graph&quot; &lt;of&gt; | errors\""),
        "with their description"
    );
    let json = export("json", &p, &people, &services);
    assert!(json.text.contains("\"base64\": \"R0lGOD"), "so does JSON");
}

#[test]
fn a_page_asks_nobody_for_anything() {
    let (mut p, people, services) = model::demo::login_outage(now());
    p.title = "</title><script>alert(1)</script>".into();
    p.sections[0].text =
        "![x](https://example.org/a.png) <img src=x onerror=alert(1)> <style>*{}</style>".into();
    p.timeline[0].text = "<img src=https://example.org/b.png>".into();
    p.timeline[0].source = "javascript:alert(1)".into();
    p.actions[0].ticket = "https://example.org/\"onmouseover=\"alert(1)".into();
    let text = export("html", &p, &people, &services).text;
    let lower = text.to_lowercase();
    for forbidden in [
        "<script",
        "<img src=\"http",
        "<img src=x",
        "@import",
        "url(",
        "<link",
        "href=\"javascript",
        "<iframe",
        "style=\"",
    ] {
        assert!(
            !lower.contains(forbidden),
            "{forbidden} must not be in a page"
        );
    }
    assert_eq!(
        text.matches("<style>").count(),
        1,
        "the page has one style, and its policy names it"
    );
    assert!(
        text.contains("default-src 'none'; img-src data:; style-src 'sha256-"),
        "a browser is told to load nothing"
    );
    assert!(
        !text.contains("\" onmouseover=\"") && !text.contains("\"onmouseover=\""),
        "an address cannot leave its attribute"
    );
    assert!(
        text.contains("<a href=\"https://example.org/a.png\""),
        "an image from elsewhere becomes a link"
    );
}

#[test]
fn a_page_leaves_out_what_is_for_the_review_only() {
    let (mut p, people, services) = model::demo::login_outage(now());
    p.timeline[3].visibility = Visibility::Room;
    p.timeline[3].text = "unfit for others: event".into();
    p.findings[0].visibility = Visibility::Room;
    p.findings[0].text = "unfit for others: finding".into();
    p.actions[0].visibility = Visibility::Room;
    p.actions[0].text = "unfit for others: action".into();
    let page = export("html", &p, &people, &services).text;
    assert!(
        !page.contains("unfit for others"),
        "a page is for passing on"
    );
    assert!(
        page.contains("3 rows for this review only are left out."),
        "and says what it leaves out"
    );
    for format in ["md", "json"] {
        let text = export(format, &p, &people, &services).text;
        assert_eq!(
            text.matches("unfit for others").count(),
            3,
            "{format} imports back whole"
        );
    }
}

#[test]
fn the_bar_and_the_figures_of_a_page_leave_out_what_its_rows_do() {
    let (mut p, people, services) = model::demo::login_outage(now());
    let dots = |page: &str| page.matches("class=\"dot\"").count();
    let whole = export("html", &p, &people, &services).text;
    assert!(
        whole.contains("updates customers could read"),
        "the example has updates that customers could read"
    );
    let updates = p.timeline.iter_mut().filter(|event| event.public);
    let hidden = updates
        .map(|event| event.visibility = Visibility::Room)
        .count();
    let page = export("html", &p, &people, &services).text;
    assert_eq!(
        dots(&page) + hidden,
        dots(&whole),
        "the bar has no dot for what the page leaves out"
    );
    assert!(
        !page.contains("customers could read"),
        "and the figures do not count it"
    );
}

#[test]
fn times_say_whose_clock_they_are_on() {
    let (mut p, people, services) = model::demo::login_outage(now());
    p.actions[0].settled_at = Some(now());
    p.actions[0].verified = Some(Verified {
        by: people[0].id.clone(),
        at: now(),
    });
    for (zone, label) in [("Europe/Berlin", "Europe/Berlin"), ("Mars/X", "UTC")] {
        p.timezone = zone.into();
        let text = export("md", &p, &people, &services).text;
        for head in ["| When (", "- Settled (", "- Verified ("] {
            let all = text.matches(head).count();
            assert!(all > 0, "{head} stands there");
            assert_eq!(
                text.matches(&format!("{head}{label})")).count(),
                all,
                "{head} names the zone of its clock in {zone}"
            );
        }
    }
}

#[test]
fn a_page_counts_done_and_declined_apart() {
    let (mut p, people, services) = model::demo::login_outage(now());
    for action in &mut p.actions {
        action.status = ActionStatus::Open;
    }
    p.actions[0].status = ActionStatus::Done;
    p.actions[1].status = ActionStatus::Declined;
    let page = export("html", &p, &people, &services).text;
    assert!(
        page.contains("1 of 10 done, 1 declined"),
        "what was declined is not done"
    );
    assert!(
        page.contains("T0</span> Impact starts"),
        "the codes that definitions use stand beside the key times"
    );
}

#[test]
fn every_place_on_a_page_has_one_name_and_every_jump_a_place() {
    let (p, people, services) = model::demo::login_outage(now());
    let text = export("html", &p, &people, &services).text;
    let values = |attribute: &str| -> Vec<String> {
        text.split(&format!(" {attribute}=\""))
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .map(str::to_owned)
            .collect()
    };
    let ids = values("id");
    let unique: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(
        unique.len(),
        ids.len(),
        "an id twice on a page is an error: {ids:?}"
    );
    for href in values("href")
        .iter()
        .filter_map(|href| href.strip_prefix('#'))
    {
        assert!(ids.iter().any(|id| id == href), "#{href} leads nowhere");
    }
    for tag in [
        "table", "section", "ol", "ul", "dl", "li", "tr", "th", "td", "div", "span", "figure",
        "svg", "main",
    ] {
        let opened =
            text.matches(&format!("<{tag}>")).count() + text.matches(&format!("<{tag} ")).count();
        assert_eq!(
            opened,
            text.matches(&format!("</{tag}>")).count(),
            "every <{tag}> must be closed"
        );
    }
}

#[test]
fn built_in_templates_are_good() {
    for (id, source) in render::templates::builtin() {
        let template = model::template::parse(source)
            .unwrap_or_else(|problems| panic!("{id} must parse: {problems:?}"));
        assert_eq!(template.id, *id, "the file says its own id");
        assert!(
            !template.description.is_empty() && template.sections.len() >= 2,
            "{id} says what it is for"
        );
        let sums: Vec<u32> = (0..3)
            .map(|i| template.stages.iter().map(|s| s.minutes[i]).sum())
            .collect();
        assert_eq!(sums, [30, 60, 90], "{id}: the stages fill the meeting");
        assert!(
            template.stages.iter().all(|s| !s.prompts.is_empty()),
            "{id}: every stage has something to ask"
        );
        assert!(
            template.sections.iter().all(|s| !s.prompt.is_empty()),
            "{id}: every section says what to write"
        );
    }
}

#[test]
fn the_documented_template_is_a_good_one() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/templates.md");
    let text = std::fs::read_to_string(docs).expect("the documentation is part of the project");
    let example = text
        .split("```markdown\n")
        .nth(1)
        .and_then(|rest| rest.split("\n```").next());
    let template = model::template::parse(example.expect("an example"))
        .unwrap_or_else(|problems| panic!("what is documented must work: {problems:?}"));
    assert_eq!(
        template.sections[1].id, "data",
        "a section's id may be given"
    );
    assert_eq!(
        template.stages[1].minutes,
        [20, 20, 20],
        "one number means the same in every meeting"
    );
    assert_eq!(
        template.stages[1].id, "timeline",
        "a stage without an id has its name's slug"
    );
}

#[test]
fn formats_have_unique_ids() {
    for format in FORMATS.iter().filter(|format| !format.on_paper) {
        assert!(
            std::ptr::eq(render::format(format.id).expect("listed"), format),
            "{} is listed twice",
            format.id
        );
    }
}

#[test]
fn file_names_fit_every_system() {
    let (mut p, people, _) = model::demo::login_outage(now());
    let derived = derive(&p, &|id| {
        people.iter().find(|x| x.id == *id).map(|x| x.name.clone())
    });
    assert!(
        render::file_name(&p, &derived, "UTC").starts_with("2026-11-10-login"),
        "the day and the title"
    );
    p.title = "../../etc/passwd: \"C:\\x\"\0".into();
    assert_eq!(
        render::file_name(&p, &derived, "UTC"),
        "2026-11-10-etc-passwd-c-x",
        "no path leaves a title"
    );
    p.title = "💥".into();
    assert_eq!(
        render::file_name(&p, &derived, "UTC"),
        "2026-11-10-postmortem",
        "a name is never empty"
    );
}

#[test]
fn a_post_that_is_not_published_says_that_it_is_a_draft() {
    let (mut content, people, services) = model::demo::login_outage(now());
    content.status = Status::Draft;
    let draft = "This is a draft and may still change.";
    let post = |content: &Postmortem, published: bool| {
        let derived = derive(content, &|_| None);
        let input = Export {
            templates: ExportTemplates::default(),
            roles: false,
            published,
            postmortem: content,
            derived: &derived,
            people: &people,
            services: &services,
            images: &one_pixel,
            now: now(),
            zone: "UTC",
            name: "post",
        };
        let of = |format| {
            let format = render::format(format).expect("listed");
            (format.render)(&input)
                .expect("built-in templates work")
                .text
        };
        (
            of("post-html").contains(draft),
            of("post-md").contains(draft),
        )
    };
    assert_eq!(
        post(&content, false),
        (true, false),
        "the page says it; what is pasted elsewhere is not to be cleared of it first"
    );
    assert_eq!(
        post(&content, true),
        (false, false),
        "what is published is no draft"
    );
    content.status = Status::Closed;
    assert_eq!(
        post(&content, false),
        (false, false),
        "nor is the post of a closed postmortem"
    );
}
