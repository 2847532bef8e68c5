//! Sweeps: the same training many times, with different settings and different seeds.
//!
//! A [`SweepGrid`] says which [`RunConfig`]s are trained on which [`DataSource`], in order; each gives a [`Run`].
//! Runs are independent of each other, so that they can be made in any order, on any number of threads
//! or machines, and give the same [`Summary`].
//!
//! [In the book](../../../book/sweeps.html)

mod data;
mod grid;
mod run;
mod summary;
mod table;

pub use data::{Data, DataSource};
pub use grid::{Quantity, RunConfig, SweepGrid};
pub use run::Run;
pub use summary::{Group, Spread, Summary};
pub use table::{read_runs, write_runs};
