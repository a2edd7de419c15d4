//! Bars of one instant: which of several instruments trades next.
//!
//! At an open or a close every instrument trades at once, so an account may spend on the one what
//! it gets for the other. Sales come first, then purchases that take a short position back, then
//! all other purchases; equal ones in the order of instruments. In one instrument price and time
//! keep their priority: nobody overtakes, so a sale behind a purchase waits for it. Inside the bars
//! nobody knows what came first; there one instrument follows the other.

use super::working::{BarPart, Working};
use super::{BarContext, SimulatedVenue};
use crate::order::{Fill, Side};
use crate::portfolio::Portfolio;

impl SimulatedVenue {
    /// The next execution on one of the bars given to [`Self::open_bars`], sized by what the
    /// account has now, and the place of its bar among them.
    pub fn next_fill_of(
        &mut self,
        bars: &[BarContext<'_>],
        portfolio: &Portfolio,
    ) -> Option<(usize, Fill)> {
        while let Some(place) = self.next_place(portfolio) {
            let index = self.queue.remove(place);
            let instrument = self.working[index].intent.instrument;
            let number = bars.iter().position(|bar| bar.instrument == instrument)?;
            if let Some(fill) = self.try_fill(index, &bars[number], portfolio) {
                return Some((number, fill));
            }
        }
        None
    }

    /// Where in the queue the order stands whose turn it is.
    fn next_place(&self, portfolio: &Portfolio) -> Option<usize> {
        let part = |place: usize| BarPart::of(self.working[self.queue[place]].priority().0);
        let last = self.queue.len().checked_sub(1)?;
        let now = part(last);
        if now == BarPart::Inside {
            return Some(last);
        }
        // The next in line of each instrument, the first instrument first.
        let instrument = |place: usize| self.working[self.queue[place]].intent.instrument;
        let heads = (0..=last)
            .rev()
            .take_while(|&place| part(place) == now)
            .filter(|&place| place == last || instrument(place) != instrument(place + 1));
        heads.min_by_key(|&place| self.turn(self.queue[place], portfolio))
    }

    /// 0 for what brings money, 1 for what must be paid, 2 for what may be bought of the rest.
    fn turn(&self, index: usize, portfolio: &Portfolio) -> u8 {
        let Working { intent, done, .. } = &self.working[index];
        match intent.side {
            // What was canceled makes room for what stands behind it.
            _ if *done => 0,
            Side::Sell => 0,
            Side::Buy if portfolio.positions[intent.instrument].quantity < 0.0 => 1,
            Side::Buy => 2,
        }
    }
}
