//! Behaviour tests of the whole product live in main.rs and its modules.
