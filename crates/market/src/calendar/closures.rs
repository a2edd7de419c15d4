//! What no rule foretells: closures and early closes that an exchange announced.
//!
//! A new one is one line here. Source: the exchanges' announcements, as `quant.md` lists them.

use jiff::civil::Date;

/// Weekdays on which the New York Stock Exchange stayed shut outside its holiday rules.
pub(super) const NYSE_CLOSURES: [Date; 10] = [
    Date::constant(2001, 9, 11), // attacks of 11 September
    Date::constant(2001, 9, 12),
    Date::constant(2001, 9, 13),
    Date::constant(2001, 9, 14),
    Date::constant(2004, 6, 11),  // mourning for President Reagan
    Date::constant(2007, 1, 2),   // mourning for President Ford
    Date::constant(2012, 10, 29), // hurricane Sandy
    Date::constant(2012, 10, 30),
    Date::constant(2018, 12, 5), // mourning for President G. H. W. Bush
    Date::constant(2025, 1, 9),  // mourning for President Carter
];

/// Sessions of the New York Stock Exchange that ended at 13:00 outside its half-day rules.
pub(super) const NYSE_EARLY_CLOSES: [Date; 1] = [Date::constant(2003, 12, 26)];
