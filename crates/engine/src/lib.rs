//! The engine: kernel, portfolio, simulated venue, backtest, sweep, walk-forward, evaluation.
//!
//! Pure and synchronous. A strategy runs here exactly as it later trades: [`Kernel`] takes events
//! and gives actions, whoever feeds it.

pub mod costs;
pub mod lane;
pub mod sweep;
pub mod venue;

mod arithmetic;
mod assumptions;
mod backtest;
mod columns;
mod evaluate;
mod gate;
mod history;
mod kernel;
mod lookahead;
mod marks;
mod order;
mod params;
mod portfolio;
mod report;
mod strategy;
mod target;
mod walk_forward;

pub use assumptions::assumptions;
pub use backtest::{FillAt, Run, RunError, Setup, Timeline, run};
pub use columns::{Argument, Column, ColumnCache, ColumnData, ColumnSpec};
pub use evaluate::{Evaluated, Evaluation, FEW_TRADES, IN_SAMPLE_SHARE, evaluate};
pub use gate::{AllowAll, Gate};
pub use history::{DatedAction, History, HistoryError, Series};
pub use kernel::{Action, Event, Kernel, Strategy};
pub use lane::{Lane, Mask};
pub use lookahead::{Difference, Lookahead, check_lookahead};
pub use order::{
    Amount, ExitLevel, Exits, Fill, InstrumentIndex, Intent, Leg, OrderId, OrderKind, Side,
    TimeInForce, Trail,
};
pub use params::{ParamError, ParamSpec, Params, Range};
pub use portfolio::{Portfolio, Position, Trade};
pub use report::{
    Bootstrap, DataReceipt, Honesty, Measured, Receipt, TradeRow, Trials, bar_time,
    session_returns, setup_receipt, trade_rows,
};
pub use strategy::{Entry, Job, LaneRunner, Outcome, Pair, Runner, Single, StrategyError};
pub use target::{MAX_COLUMNS, MAX_MEMORY, MAX_PARAMS, Now, PairTarget, Target};
pub use walk_forward::{WalkForward, WalkForwardError, WalkForwardResult, Window, walk_forward};
