//! A sweep is the same in any number of parts, and its runs survive their table.

use crate::{
    cases,
    examples::{finite, seed},
    support::{Folder, files},
};
use own_data::{
    OptimiserKind,
    sweep::{Run, RunConfig, SweepGrid, read_runs, write_runs},
};
use proptest::{collection::vec, prelude::*, sample::select};

const OPTIMISERS: [OptimiserKind; 4] =
    [OptimiserKind::Sgd, OptimiserKind::Momentum, OptimiserKind::Adam, OptimiserKind::Lbfgs];

fn run() -> impl Strategy<Value = Run> {
    let numbers = (any::<usize>(), finite(), finite(), any::<usize>());
    let shares = (finite(), finite(), vec(finite(), 1..6));
    (numbers, select(OPTIMISERS.to_vec()), seed(), shares).prop_map(
        |((hidden, lambda, learning_rate, batch), optimiser, seed, (train, held_out, costs))| Run {
            config: RunConfig { hidden, lambda, learning_rate, batch, optimiser, seed },
            train,
            held_out,
            costs,
        },
    )
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn any_runs_survive_their_table(runs in vec(run(), 0..5)) {
        let mut table = Vec::new();
        write_runs(&mut table, &runs, true).unwrap();
        let read = read_runs(table.as_slice());
        let bits = |runs: &[Run]| -> Vec<u64> {
            runs.iter().flat_map(|run| run.costs.iter().map(|cost| cost.to_bits())).collect()
        };
        prop_assert_eq!(bits(&read), bits(&runs));
        prop_assert_eq!(read, runs);
    }

    #[test]
    fn parts_of_a_grid_cover_each_run_once(
        groups in 1..12_usize,
        seeds in 1..9_usize,
        seed in seed(),
        parts in 1..40_usize,
    ) {
        let grid = SweepGrid { hidden: (1..=groups).collect(), seeds, seed, ..SweepGrid::article() };
        grid.check().unwrap();
        let sort = |mut configs: Vec<RunConfig>| {
            configs.sort_by_key(|config| (config.hidden, config.seed));
            configs
        };
        let dealt: Vec<Vec<RunConfig>> = (1..=parts).map(|part| grid.part(part, parts)).collect();
        let sizes = || dealt.iter().map(Vec::len);
        prop_assert!(sizes().max().unwrap() - sizes().min().unwrap() <= 1);
        prop_assert_eq!(dealt.iter().map(Vec::len).sum::<usize>(), groups * seeds);
        prop_assert_eq!(sort(dealt.concat()), sort(grid.configs()));
    }
}

proptest! {
    #![proptest_config(cases(3))]

    #[test]
    fn sweep_in_any_number_of_parts_is_the_whole(
        parts in 1..9_usize,
        seeds in 1..4_usize,
        seed in seed(),
    ) {
        let folder = Folder::new();
        let sweep = format!("sweep --quiet --hidden 1,3 --epochs 4 --seeds {seeds} --seed {seed}");
        folder.succeed(&format!("{sweep} --out whole"));
        let names: Vec<String> = (1..=parts).map(|part| format!("part{part}")).collect();
        for (i, name) in (1..).zip(&names) {
            folder.succeed(&format!("{sweep} --shard {i}/{parts} --out {name}"));
        }
        folder.succeed(&format!("sweep --merge {} --out merged", names.join(" ")));
        prop_assert!(files(&folder.path("merged")) == files(&folder.path("whole")));
    }
}
