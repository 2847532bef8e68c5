//! Sweeps: the same training many times, with other settings and other seeds.
//!
//! A [`Plan`] says which [`Setting`]s are trained on which [`Data`], in order; each gives a [`Run`].
//! Runs know nothing of each other, so that they can be made in any order, on any number of threads
//! or machines, and give the same [`Summary`].
//!
//! [In the book](../../../book/sweeps.html)

mod data;
#[cfg(feature = "figures")]
mod figures;
mod plan;
mod run;
mod summary;
mod table;

pub use data::{Data, Material};
#[cfg(feature = "figures")]
pub use figures::figures;
pub use plan::{Plan, Quantity, Setting};
pub use run::Run;
pub use summary::{Cell, Spread, Summary};
pub use table::{read_runs, write_runs};
