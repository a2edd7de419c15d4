//! The crate as its users see it: golden calendars, and laws that hold for any input.

mod calendar_golden;
mod calendar_properties;
mod money_properties;
mod resample_properties;
mod symbol_properties;
