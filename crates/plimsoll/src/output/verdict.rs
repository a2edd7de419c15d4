//! What a result is worth, in sentences.

use engine::{Honesty, Measured};

use crate::output::number::{percent, ratio};

/// Probability from which a ratio is called distinguishable from luck.
const CONFIDENT: f64 = 0.95;

/// What a single result is worth.
pub fn verdict(measured: &Measured, honesty: &Honesty) -> Vec<String> {
    let mut lines = Vec::new();
    let Some(sharpe) = measured.returns.sharpe_ratio else {
        return vec!["It never had a position, so there is nothing to judge.".to_owned()];
    };
    let probability = honesty.deflated_sharpe.or(honesty.psr);
    let bar = match honesty.trials {
        1 => "zero".to_owned(),
        trials => format!("what the best of {trials} worthless variants would show"),
    };
    match probability {
        Some(probability) if sharpe <= 0.0 => lines.push(format!(
            "It lost against doing nothing: Sharpe ratio {}, and the chance that the true one is \
             above {bar} is {}.",
            ratio(sharpe),
            percent(probability)
        )),
        Some(probability) if probability >= CONFIDENT => lines.push(format!(
            "The Sharpe ratio of {} is unlikely to be luck alone: the chance that the true one is \
             above {bar} is {}. That says nothing about the future.",
            ratio(sharpe),
            percent(probability)
        )),
        Some(probability) => lines.push(format!(
            "This may well be luck: Sharpe ratio {}, and the chance that the true one is above \
             {bar} is {}. {} would be evidence.",
            ratio(sharpe),
            percent(probability),
            percent(CONFIDENT)
        )),
        None => lines.push("There are too few returns to tell luck from skill.".to_owned()),
    }
    if let Some(interval) = &honesty.bootstrap.sharpe_ratio {
        lines.push(format!(
            "Had history fallen out differently (95 of 100 resamples): Sharpe ratio {} to {}{}.",
            ratio(interval.lower),
            ratio(interval.upper),
            honesty.bootstrap.max_drawdown.as_ref().map_or_else(String::new, |drawdown| format!(
                ", deepest drawdown {} to {}",
                percent(drawdown.lower),
                percent(drawdown.upper)
            ))
        ));
    }
    if let Some(needed) = honesty.min_track_record_length
        && needed > measured.returns.observations as f64
    {
        lines.push(format!(
            "It would take {:.0} returns to tell this ratio from zero; there are {}.",
            needed.ceil(),
            measured.returns.observations
        ));
    }
    let closed = measured.trades.closed_trades;
    if closed < 30 {
        lines.push(format!("It rests on {closed} closed trades, which is few."));
    }
    lines
}
