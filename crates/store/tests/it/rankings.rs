//! The evaluation matrix.

use store::{BestStrategy, Evaluations, RankingFilter, StrategyEvaluation, Subject};

use crate::support::{ME, Rig, doc, on_both, page};

on_both! {
    async fn a_later_evaluation_replaces_the_cells_that_it_measured(rig: Rig) {
        let rankings = rig.store.rankings();
        let first = cell(&rig, "AAPL", "rsi", Some(0.5));
        let other = cell(&rig, "AAPL", "sma", None);
        let apart = cell(&rig, "MSFT", "rsi", Some(-0.5));
        let cells = vec![apart.clone(), other.clone(), first.clone()];
        rankings.record(ME, cells, vec![best(&rig, "rsi")]).await.unwrap();
        let all = rankings.cells(ME, &RankingFilter::default(), page()).await.unwrap();
        assert_eq!(all.rows, [first, other.clone(), apart.clone()]);

        rig.clock.advance(60);
        let better = cell(&rig, "AAPL", "rsi", Some(0.75));
        rankings.record(ME, vec![better.clone()], vec![best(&rig, "sma")]).await.unwrap();
        let all = rankings.cells(ME, &RankingFilter::default(), page()).await.unwrap();
        assert_eq!(all.rows, [better.clone(), other.clone(), apart]);
        let aapl = RankingFilter { ticker: Some("AAPL".to_owned()), ..RankingFilter::default() };
        assert_eq!(rankings.cells(ME, &aapl, page()).await.unwrap().rows, [better, other]);
        assert_eq!(rankings.best(ME, Some("AAPL")).await.unwrap(), [best(&rig, "sma")]);
        assert_eq!(rankings.best(ME, Some("MSFT")).await.unwrap(), []);
        assert_eq!(rankings.best(ME, None).await.unwrap().len(), 1);
    }

    async fn cells_outlive_the_evaluation_that_found_them(rig: Rig) {
        let subject = Subject {
            strategy: None,
            tickers: doc(r#"["AAPL"]"#),
            timeframe: "1d".to_owned(),
            start_date: None,
            end_date: None,
        };
        let lab = rig.store.lab::<Evaluations>();
        let id = lab.create(ME, subject, doc("{}")).await.unwrap().job.id;
        let found = StrategyEvaluation { evaluation_id: Some(id), ..cell(&rig, "AAPL", "rsi", None) };
        let rankings = rig.store.rankings();
        rankings.record(ME, vec![found.clone()], Vec::new()).await.unwrap();
        let filter = RankingFilter { evaluation: Some(id), ..RankingFilter::default() };
        assert_eq!(rankings.cells(ME, &filter, page()).await.unwrap().rows[0], found);
        lab.delete(ME, id).await.unwrap();
        assert_eq!(rankings.cells(ME, &filter, page()).await.unwrap().total, 0);
        let all = rankings.cells(ME, &RankingFilter::default(), page()).await.unwrap().rows;
        assert_eq!(all, [StrategyEvaluation { evaluation_id: None, ..found }]);
    }
}

fn cell(rig: &Rig, ticker: &str, strategy: &str, score: Option<f64>) -> StrategyEvaluation {
    StrategyEvaluation {
        owner_id: ME,
        ticker: ticker.to_owned(),
        strategy_name: strategy.to_owned(),
        evaluation_id: None,
        metric_name: "sharpe_ratio".to_owned(),
        score,
        params: doc(r#"{"period": 14}"#),
        metrics: doc(r#"{"sharpe_ratio": 0.5}"#),
        evaluated_at: rig.clock.moment(),
    }
}

fn best(rig: &Rig, strategy: &str) -> BestStrategy {
    BestStrategy {
        owner_id: ME,
        ticker: "AAPL".to_owned(),
        strategy_name: strategy.to_owned(),
        metric_name: "sharpe_ratio".to_owned(),
        score: Some(0.5),
        out_of_sample_rank: Some(3),
        params: doc(r#"{"period": 14}"#),
        evaluated_at: rig.clock.moment(),
    }
}
