//! One arithmetic for one backtest or for several side by side.
//!
//! The step of a backtest and the rules of a strategy are written once, generic over [`Lane`]: a
//! single backtest computes with `f64`, a sweep with [`Lanes`], several parameter sets in one
//! vector register. Every operation rounds as its IEEE counterpart does and none is fused or
//! reordered, so both give the same bits.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// Parameter sets that a sweep computes side by side.
pub const WIDTH: usize = 8;

/// The lane type of sweeps.
pub type Wide = Lanes<WIDTH>;

/// A number, or several numbers that take the same path.
///
/// A comparison with NaN is false, as in IEEE 754; strategies use that: an indicator that has no
/// value yet decides nothing.
pub trait Lane:
    Copy
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// What a comparison answers.
    type Mask: Mask;

    /// The same number in every lane.
    fn splat(value: f64) -> Self;
    /// Distance from zero.
    fn abs(self) -> Self;
    /// Largest integer not above.
    fn floor(self) -> Self;
    /// Smallest integer not below.
    fn ceil(self) -> Self;
    /// `self` where it is greater, else `other` (also where either is NaN).
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self::select(self.gt(other), self, other)
    }
    /// `self` where it is less, else `other` (also where either is NaN).
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self::select(self.lt(other), self, other)
    }
    /// Greater than.
    fn gt(self, other: Self) -> Self::Mask;
    /// Greater or equal.
    fn ge(self, other: Self) -> Self::Mask;
    /// Equal.
    fn eq(self, other: Self) -> Self::Mask;
    /// Less than.
    #[inline(always)]
    fn lt(self, other: Self) -> Self::Mask {
        other.gt(self)
    }
    /// Less or equal.
    #[inline(always)]
    fn le(self, other: Self) -> Self::Mask {
        other.ge(self)
    }
    /// `yes` where the mask is set, else `no`.
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
}

/// The answer of a comparison, one truth a lane.
pub trait Mask: Copy {
    /// Both.
    fn and(self, other: Self) -> Self;
    /// Either.
    fn or(self, other: Self) -> Self;
    /// The opposite.
    fn not(self) -> Self;
    /// Whether any lane is set.
    fn any(self) -> bool;
}

impl Lane for f64 {
    type Mask = bool;

    #[inline(always)]
    fn splat(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f64::abs(self)
    }
    #[inline(always)]
    fn floor(self) -> Self {
        f64::floor(self)
    }
    #[inline(always)]
    fn ceil(self) -> Self {
        f64::ceil(self)
    }
    #[inline(always)]
    fn gt(self, other: Self) -> bool {
        self > other
    }
    #[inline(always)]
    fn ge(self, other: Self) -> bool {
        self >= other
    }
    #[inline(always)]
    fn eq(self, other: Self) -> bool {
        self == other
    }
    #[inline(always)]
    fn select(mask: bool, yes: Self, no: Self) -> Self {
        if mask { yes } else { no }
    }
}

impl Mask for bool {
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self & other
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        self | other
    }
    #[inline(always)]
    fn not(self) -> Self {
        !self
    }
    #[inline(always)]
    fn any(self) -> bool {
        self
    }
}

/// `N` numbers side by side; the compiler makes vector instructions of the loops over them.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
pub struct Lanes<const N: usize>(pub [f64; N]);

/// `N` truths side by side: all bits set or none, which is what vector compares produce.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaneMask<const N: usize>([u64; N]);

impl<const N: usize> Lanes<N> {
    /// The first `N` numbers of a slice.
    #[inline(always)]
    pub fn load(values: &[f64; N]) -> Self {
        Self(*values)
    }

    #[inline(always)]
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        let mut out = self.0;
        for value in &mut out {
            *value = f(*value);
        }
        Self(out)
    }

    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        let mut out = self.0;
        for (value, other) in out.iter_mut().zip(other.0) {
            *value = f(*value, other);
        }
        Self(out)
    }

    #[inline(always)]
    fn compare(self, other: Self, f: impl Fn(f64, f64) -> bool) -> LaneMask<N> {
        let mut out = [0; N];
        for ((truth, left), right) in out.iter_mut().zip(self.0).zip(other.0) {
            *truth = if f(left, right) { u64::MAX } else { 0 };
        }
        LaneMask(out)
    }
}

macro_rules! lanewise {
    ($($op:ident $method:ident $symbol:tt),*) => {$(
        impl<const N: usize> $op for Lanes<N> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                self.zip(other, |left, right| left $symbol right)
            }
        }
    )*};
}
lanewise!(Add add +, Sub sub -, Mul mul *, Div div /);

impl<const N: usize> Neg for Lanes<N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.map(|value| -value)
    }
}

impl<const N: usize> Lane for Lanes<N> {
    type Mask = LaneMask<N>;

    #[inline(always)]
    fn splat(value: f64) -> Self {
        Self([value; N])
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.map(f64::abs)
    }
    #[inline(always)]
    fn floor(self) -> Self {
        self.map(f64::floor)
    }
    #[inline(always)]
    fn ceil(self) -> Self {
        self.map(f64::ceil)
    }
    #[inline(always)]
    fn gt(self, other: Self) -> LaneMask<N> {
        self.compare(other, |left, right| left > right)
    }
    #[inline(always)]
    fn ge(self, other: Self) -> LaneMask<N> {
        self.compare(other, |left, right| left >= right)
    }
    #[inline(always)]
    fn eq(self, other: Self) -> LaneMask<N> {
        self.compare(other, |left, right| left == right)
    }
    #[inline(always)]
    fn select(mask: LaneMask<N>, yes: Self, no: Self) -> Self {
        let mut out = no.0;
        for ((value, yes), chosen) in out.iter_mut().zip(yes.0).zip(mask.0) {
            *value = f64::from_bits((yes.to_bits() & chosen) | (value.to_bits() & !chosen));
        }
        Self(out)
    }
}

impl<const N: usize> LaneMask<N> {
    /// Whether lane `index` is set.
    #[inline(always)]
    pub fn lane(&self, index: usize) -> bool {
        self.0[index] != 0
    }
}

impl<const N: usize> Mask for LaneMask<N> {
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        let mut out = self.0;
        for (truth, other) in out.iter_mut().zip(other.0) {
            *truth &= other;
        }
        Self(out)
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        let mut out = self.0;
        for (truth, other) in out.iter_mut().zip(other.0) {
            *truth |= other;
        }
        Self(out)
    }
    #[inline(always)]
    fn not(self) -> Self {
        let mut out = self.0;
        for truth in &mut out {
            *truth = !*truth;
        }
        Self(out)
    }
    #[inline(always)]
    fn any(self) -> bool {
        self.0.iter().fold(0, |any, &truth| any | truth) != 0
    }
}
