//! Results for programs: one line of JSON.

use std::io::{self, Write};

use serde::Serialize;

/// Writes `value` and a line's end; what is infinite or not a number becomes null.
///
/// # Errors
/// What `out` answers.
pub fn write_line<T: Serialize + ?Sized>(out: &mut impl Write, value: &T) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::write_line;

    #[test]
    fn what_is_no_number_is_null() {
        let mut out = Vec::new();
        write_line(&mut out, &[1.5, f64::NAN, f64::INFINITY, -0.1]).expect("a vector takes all");
        assert_eq!(String::from_utf8(out).expect("JSON is text"), "[1.5,null,null,-0.1]\n");
    }
}
