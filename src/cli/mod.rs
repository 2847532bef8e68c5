//! The command line: arguments, progress, printing and exit codes. Nothing below it prints.

#[allow(dead_code, reason = "the command `fetch mnist` is still to come")]
pub mod fetch;
