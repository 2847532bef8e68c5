//! The real program with real and with broken files, what it has written, and the rules of the house.

mod book;
mod command_line;
mod data;
mod examples;
#[cfg(unix)]
mod faults;
mod habits;
mod house;
mod models;
mod reports;
mod same_bits;

mod support;
mod sweep;
mod train;
mod wrong_numbers;
