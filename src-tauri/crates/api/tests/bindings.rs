//! The committed TypeScript bindings are those of the types and commands. `UPDATE_BINDINGS=1` writes them anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use api::error::ApiError;
use api::types::*;
use serde::de::DeserializeOwned;
use ts_rs::{Config, TS, TypeVisitor};

/// Every type that the commands reach, by name, as its TypeScript declaration.
struct Declarations<'a> {
    config: &'a Config,
    by_name: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Only declared types are walked into: they name what stands inside their lists and options themselves.
        if T::output_path().is_none() {
            return;
        }
        let name = T::ident(self.config);
        if self.by_name.contains_key(&name) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        let docs = if docs.is_empty() || docs.ends_with('\n') {
            docs
        } else {
            format!("{docs}\n")
        };
        self.by_name
            .insert(name, format!("{docs}export {}\n", T::decl(self.config)));
        T::visit_dependencies(self);
    }
}

/// The name of a request type. A request all of whose fields have defaults may be sent in part.
fn request_name<T: TS + DeserializeOwned>(config: &Config) -> String {
    let name = T::name(config);
    let all_default = serde_json::from_value::<T>(serde_json::json!({})).is_ok();
    if all_default && name != "Empty" {
        format!("Partial<{name}>")
    } else {
        name
    }
}

fn bindings() -> String {
    let config = Config::new().with_large_int("number");
    let mut declarations = Declarations {
        config: &config,
        by_name: BTreeMap::new(),
    };
    let mut commands = String::new();
    macro_rules! visit {
        ($($name:ident: $request:ty => $response:ty, $doc:literal;)*) => {$(
            declarations.visit::<$request>();
            declarations.visit::<$response>();
            <$response as TS>::visit_generics(&mut declarations);
            let request = request_name::<$request>(&config);
            let response = <$response as TS>::name(&config);
            writeln!(commands, "  /** {} */\n  {}: {{ request: {request}; response: {response} }};", $doc, stringify!($name))
                .expect("writing to a string");
        )*};
    }
    api::for_each_command!(visit);
    declarations.visit::<ApiError>();
    declarations.visit::<Changed>();

    let mut out = String::from(
        "// Made by crates/api/tests/bindings.rs from the Rust types and the list of commands; do not edit.\n\
         // `UPDATE_BINDINGS=1 cargo test -p api --test bindings` writes it anew.\n\n",
    );
    for declaration in declarations.by_name.values() {
        out.push_str(declaration);
        out.push('\n');
    }
    writeln!(out, "/** Every command: what it is asked with and what it answers. */\nexport interface Commands {{\n{commands}}}")
        .expect("writing to a string");
    out
}

#[test]
fn typescript_bindings_are_in_step() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("bindings/index.ts");
    let fresh = bindings();
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        std::fs::write(&path, &fresh).expect("the bindings can be written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == fresh,
        "bindings/index.ts is out of step with the Rust types: run UPDATE_BINDINGS=1 cargo test -p api --test bindings"
    );
    assert!(
        !fresh.contains("bigint"),
        "numbers are plain numbers in the UI; annotate the field with #[ts(type = \"number\")]"
    );
}
