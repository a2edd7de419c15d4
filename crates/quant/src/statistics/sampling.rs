//! A sample of a sweep's variants, where there are too many to keep.

use std::collections::BTreeSet;

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Draws `count` of the indices below `population`, each set equally likely, in ascending order.
///
/// Equal seeds give equal samples on every machine. All indices when `count` reaches the
/// population. Source: R. W. Floyd in J. Bentley, “A Sample of Brilliance”, CACM 30 (1987).
pub fn sample_indices(population: usize, count: usize, seed: u64) -> Vec<usize> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut sample = BTreeSet::new();
    for last in population.saturating_sub(count)..population {
        // The upper half of the product is at most `last`.
        let wide = u128::from(random.next_u64()) * (last as u128 + 1);
        let drawn = (wide >> 64) as usize;
        if !sample.insert(drawn) {
            sample.insert(last);
        }
    }
    sample.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::sample_indices;

    proptest! {
        #[test]
        fn samples_are_sets_of_the_population(
            population in 0_usize..500,
            count in 0_usize..600,
            seed: u64,
        ) {
            let sample = sample_indices(population, count, seed);
            prop_assert_eq!(sample.len(), count.min(population));
            prop_assert!(sample.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(sample.iter().all(|index| *index < population));
            prop_assert_eq!(&sample, &sample_indices(population, count, seed));
        }
    }

    #[test]
    fn every_index_has_its_share() {
        let mut drawn = [0_u32; 10];
        for seed in 0..2_000 {
            sample_indices(10, 3, seed).into_iter().for_each(|index| drawn[index] += 1);
        }
        // 600 expected each, with a deviation of 20.5.
        assert!(drawn.iter().all(|count| (500..700).contains(count)), "{drawn:?}");
    }
}
