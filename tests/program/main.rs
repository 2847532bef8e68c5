//! The real program with real and with broken files, what it has written, and the rules of the house.

mod arrays;
mod book;
mod certificates;
mod command_line;
mod data;
mod everyday;
mod examples;
mod export;
#[cfg(unix)]
mod faults;
#[cfg(target_os = "linux")]
mod file_names;
mod habits;
mod house;
mod models;
mod names;
mod photos;
mod reader;
mod records;
mod reports;
mod same_bits;

mod support;
mod sweep;
mod train;
mod wrong_numbers;
