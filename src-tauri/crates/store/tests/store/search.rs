//! Search through everything that was written.

use model::list::{SearchHit, SearchQuery};
use model::postmortem::Postmortem;
use store::Store;

use crate::{AT, Home, add, add_example, change};

fn search(store: &Store, query: &str) -> Vec<SearchHit> {
    store
        .search(&SearchQuery {
            query: query.into(),
            limit: 5,
        })
        .unwrap()
        .hits
}

#[test]
fn every_kind_of_text_is_found() {
    let home = Home::new();
    let id = add_example(&home.store);
    let marks = [
        ("postmortem", "qtitle"),
        ("finding", "qfinding"),
        ("action", "qaction"),
        ("event", "qevent"),
        ("section", "qsection"),
    ];
    change(&home.store, &id, AT + 1, "", |p| {
        p.title += " qtitle";
        p.findings[0].text += " qfinding";
        p.actions[0].text += " qaction";
        p.timeline[0].text += " qevent";
        p.sections[0].text += " qsection";
    });
    for (kind, word) in marks {
        let hits = search(&home.store, &word[..4]);
        assert_eq!(hits.len(), 1, "{word} stands in one text");
        let hit = &hits[0];
        assert_eq!(
            (hit.kind.as_str(), hit.doc.as_str()),
            (kind, id.as_str()),
            "{word} is found where it stands"
        );
        let units: Vec<u16> = hit.text.encode_utf16().collect();
        let (start, length) = hit.marks[0];
        let marked = String::from_utf16(&units[start as usize..(start + length) as usize]).unwrap();
        assert_eq!(marked, word, "the marks stand on the word that was found");
    }
    let person = search(&home.store, "greg")
        .into_iter()
        .find(|hit| hit.kind == "person")
        .expect("people are found");
    assert_eq!(person.doc, "", "a person is in no postmortem");
    assert_eq!(
        search(&home.store, "login")
            .iter()
            .filter(|hit| hit.kind == "event")
            .count()
            .min(6),
        5.min(
            search(&home.store, "login")
                .iter()
                .filter(|hit| hit.kind == "event")
                .count()
        ),
        "no kind has more hits than asked for"
    );

    change(&home.store, &id, AT + 2, "", |p| {
        p.findings.remove(0).text.clear()
    });
    assert!(
        search(&home.store, "qfinding").is_empty(),
        "what is hidden is not found"
    );
    home.store.trash(&id, AT).unwrap();
    assert!(
        search(&home.store, "qtitle").is_empty(),
        "what is in the trash is not found"
    );
}

#[test]
fn any_text_is_a_valid_query() {
    let home = Home::new();
    add_example(&home.store);
    let hostile = [
        "\"",
        "\"\"",
        "'",
        "a\"b",
        "*",
        "a*",
        "^a",
        "-a",
        "+a",
        "a AND",
        "OR",
        "NOT a",
        "NEAR(a b, 3)",
        "{text}:a",
        "text:a",
        "(",
        "a)",
        "\0",
        "\u{2}\u{3}",
        "a\u{301}",
        "🙂",
        "\u{345}",
        "%",
        "\\",
        ";DROP TABLE search",
        "",
    ];
    for query in hostile {
        search(&home.store, query);
    }
    search(&home.store, &"login ".repeat(100_000));
    search(&home.store, &"x".repeat(1_000_000));
}

#[test]
fn accents_and_prefixes() {
    let home = Home::new();
    add(
        &home.store,
        "d",
        &Postmortem {
            title: "Störung im Café".into(),
            ..Postmortem::default()
        },
        AT,
    );
    for query in ["storung", "STÖR", "cafe störung", "Café"] {
        assert_eq!(
            search(&home.store, query).len(),
            1,
            "{query:?} must find it"
        );
    }
    assert!(
        search(&home.store, "stürung").is_empty(),
        "another letter is another word"
    );
}
