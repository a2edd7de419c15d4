//! Every strategy on each instrument.

use std::collections::BTreeMap;

use engine::{
    Evaluated, Evaluation, Honesty, Receipt, Setup, assumptions, evaluate, setup_receipt,
};
use serde::Serialize;

use super::costs::Costs;
use super::prices::{Prices, apart};
use super::receipt::result_hash;
use super::source::{Source, load_series};
use super::{LabError, Workbench, check_metric, strategy_failure};

/// What is evaluated.
#[derive(Clone, Debug)]
pub struct EvaluationRequest {
    /// What to test on; each instrument is tested on its own.
    pub source: Source,
    /// Money, costs and rules.
    pub costs: Costs,
    /// What ranks the strategies, out of sample: a metric's key.
    pub metric: String,
    /// Seed of the resampling.
    pub seed: u64,
}

/// An evaluation that was made.
#[derive(Debug)]
pub struct Evaluations {
    /// Each instrument and what was found on it, in the order asked for.
    pub found: Vec<(Prices, Evaluation)>,
    /// Money and rules.
    pub setup: Setup,
    metric: String,
    seed: u64,
}

/// One instrument's answer, as programs read it.
#[derive(Debug, Serialize)]
pub struct Answer<'a> {
    /// The best strategy out of sample.
    pub best_strategy: Option<&'static str>,
    /// Its score.
    pub best_score: Option<f64>,
    /// What ranked.
    pub metric: &'a str,
    /// Every strategy's result.
    pub all_results: BTreeMap<&'static str, &'a Evaluated>,
    /// How much of the best one's result may be luck.
    pub statistics: &'a Option<Honesty>,
    /// What the result rests on.
    pub assumptions: Vec<String>,
}

/// An answer with its receipt.
#[derive(Debug, Serialize)]
pub struct Answered<'a> {
    /// The answer.
    #[serde(flatten)]
    pub answer: Answer<'a>,
    /// What it was made of.
    pub receipt: Receipt,
}

/// Tests every strategy on each instrument.
///
/// # Errors
/// [`LabError`].
pub fn evaluation(
    request: &EvaluationRequest,
    bench: &Workbench<'_>,
) -> Result<Evaluations, LabError> {
    check_metric(&request.metric)?;
    let loaded = load_series(&request.source, bench)?;
    let prices = apart(loaded, 1, &request.costs)?;
    let setup = request.costs.setup();
    bench.expect(prices.len() as u64);
    let mut found = Vec::new();
    for subject in prices {
        let evaluation = evaluate(
            strategies::catalogue(),
            &subject.history,
            &setup,
            &request.metric,
            request.seed,
            &bench.course.watch.stop,
        )
        .map_err(strategy_failure)?;
        found.push((subject, evaluation));
        bench.step();
    }
    Ok(Evaluations { found, setup, metric: request.metric.clone(), seed: request.seed })
}

impl Evaluations {
    /// The answers by instrument, as programs read them. `asked`: the request as the receipts keep
    /// it.
    ///
    /// # Errors
    /// [`LabError::Failed`] when an answer cannot be written as JSON.
    pub fn answers(&self, asked: &[String]) -> Result<BTreeMap<String, Answered<'_>>, LabError> {
        let answers = self.found.iter().map(|(subject, evaluation)| {
            Ok((subject.name(), self.answer(subject, evaluation, asked)?))
        });
        answers.collect()
    }

    fn answer<'a>(
        &'a self,
        subject: &Prices,
        evaluation: &'a Evaluation,
        asked: &[String],
    ) -> Result<Answered<'a>, LabError> {
        let best = evaluation.ranked.first();
        let answer = Answer {
            best_strategy: best.map(|best| best.strategy),
            best_score: best.and_then(|best| best.out_of_sample),
            metric: &self.metric,
            all_results: evaluation.ranked.iter().map(|e| (e.strategy, e)).collect(),
            statistics: &evaluation.honesty,
            assumptions: assumptions(&subject.history, &self.setup),
        };
        let named = |e: &Evaluated| (e.strategy.to_owned(), e.params.clone().into());
        let params = evaluation.ranked.iter().map(named);
        let receipt = Receipt {
            engine: crate::engine_version().to_owned(),
            kind: "evaluate".to_owned(),
            strategy: "all".to_owned(),
            params: params.collect::<serde_json::Map<_, _>>().into(),
            data: subject.data.clone(),
            setup: setup_receipt(&subject.history, &self.setup),
            seed: self.seed,
            request: serde_json::json!(asked),
            result: result_hash(&answer)?,
        };
        Ok(Answered { answer, receipt })
    }
}
