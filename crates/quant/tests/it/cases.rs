//! How many cases a property tries.

use proptest::prelude::ProptestConfig;

/// So many cases where others try 256, and as many times more as `PROPTEST_CASES` asks for.
pub(crate) fn cases(count: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    let cases = u64::from(usual.cases) * u64::from(count) / 256;
    ProptestConfig { cases: u32::try_from(cases.max(1)).unwrap_or(u32::MAX), ..usual }
}

/// `make soak` must reach every property: a fixed number would stay as it is.
#[test]
fn cases_grow_with_the_environment() {
    let usual = ProptestConfig::default().cases;
    assert_eq!(cases(256).cases, usual);
    assert_eq!(cases(512).cases, usual.saturating_mul(2));
    assert_eq!(cases(0).cases, 1);
}
