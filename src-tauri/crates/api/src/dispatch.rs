//! From a command's name and JSON to its handler and back, made from the list of commands.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{ApiError, ErrorCode};
use crate::handlers;
use crate::open::Api;
use crate::types::*;

macro_rules! dispatcher {
    ($($name:ident: $request:ty => $response:ty, $doc:literal;)*) => {
        /// Runs the command of that name.
        pub(crate) fn dispatch(api: &Api, name: &str, request: Value) -> Result<Value, ApiError> {
            match name {
                $(stringify!($name) => {
                    let request: $request = read(name, request)?;
                    let response: $response = handlers::$name(api, request)?;
                    write(name, &response)
                })*
                _ => Err(ApiError::not_found(format!(
                    "There is no command “{}”.",
                    crate::describe::shortened(name, 60)
                ))),
            }
        }

        /// The names of all commands, in the order of the list.
        pub const COMMANDS: &[&str] = &[$(stringify!($name)),*];
    };
}

crate::for_each_command!(dispatcher);

fn read<T: DeserializeOwned>(name: &str, request: Value) -> Result<T, ApiError> {
    // A request without a body is an empty one.
    let request = if request.is_null() {
        Value::Object(serde_json::Map::new())
    } else {
        request
    };
    serde_json::from_value(request).map_err(|error| {
        let fault = crate::describe::shortened(&error.to_string(), 300);
        ApiError::new(
            ErrorCode::Invalid,
            format!("The request for “{name}” cannot be read: {fault}."),
        )
    })
}

fn write<T: Serialize>(name: &str, response: &T) -> Result<Value, ApiError> {
    serde_json::to_value(response).map_err(|error| {
        ApiError::new(
            ErrorCode::Internal,
            format!("The answer of “{name}” cannot be written: {error}."),
        )
    })
}
