//! Golden tests: every chapter against a pencil, against implementations that nobody here wrote, and
//! against a band.
//!
//! The fixtures in `tests/oracle/` were written by `python3 tests/oracle/regenerate.py`; none of
//! their numbers comes from the code under test.

mod chapter_01;
mod chapter_02;
mod chapter_03;
mod chapter_04;
mod chapter_05;
mod chapter_07;
mod examples;
mod fixture;
mod ndarray_page;
mod solutions;
